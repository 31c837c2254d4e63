# shellcheck shell=sh
# about: Counts the places in a checkout that build SQL from text, and the queries checked at compile time.
# arguments: CHECKOUT
# after: repo.git
# example: /usr/share/base-files
# shellcheck disable=SC2154  # tracked is set by repo.git
# after repo.git: built=path:line, for each line that glues a query together   checked=N   sources=files looked at
[ "$tracked" = yes ] || { cant sources "not-git: only a git checkout is searched"; exit 0; }
kv sources "$(git_ ls-files -- '*.rs' '*.py' '*.js' '*.ts' '*.go' '*.java' '*.rb' '*.php' | grep -c .)"
word='(query|query_as|query_scalar|execute|executemany|fetch_[a-z]+|raw_sql|sql_query|raw|prepare)'
keyword='(SELECT|INSERT|UPDATE|DELETE|select|insert|update|delete)[[:space:]]'
{ git_ grep -nIE "$word(::<[^>]*>)?\\((&?format!|&?\\(?\"[^\"]*\"(\\.to_owned\\(\\)|\\.to_string\\(\\))?[[:space:]]*\\+)" -- '*.rs'
  git_ grep -nIE "format!\\(\"${keyword}[^\"]*\\{" -- '*.rs'
  git_ grep -nIE "$word\\([[:space:]]*(f\"[^\"]*\\{|f'[^']*\\{|\"[^\"]*\"[[:space:]]*%|\"[^\"]*\"\\.format)" -- '*.py'
  git_ grep -nIE "$word\\([[:space:]]*\`[^\`]*\\\$\\{" -- '*.js' '*.ts'
  git_ grep -nIE "(Query|QueryRow|Exec)(Context)?\\(.*(fmt\\.Sprintf|\"[[:space:]]*\\+)" -- '*.go'
} 2>/dev/null | cut -d: -f1,2 | sort -u | head -200 | sed 's/^/built=/'
kv checked "$(git_ grep -hoIE '(^|[^A-Za-z_])(query|query_as|query_scalar|query_file|query_file_as)!\(' -- '*.rs' 2>/dev/null | grep -c .)"
