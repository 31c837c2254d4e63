# shellcheck shell=sh
# about: Prints the parts of a URL in a unit's environment, without its password; logs in nowhere.
# arguments: UNIT FILE NAME
# after: env.reader+env.url
# example: app.service {env} DATABASE_URL
# after env.reader and env.url, whose facts these are
split_only() { :; }
each_url "$1" "$2" "$3" split_only
