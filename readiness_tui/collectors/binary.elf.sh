# shellcheck shell=sh
# about: Prints what an executable file is and which libraries its loader finds and misses.
# arguments: FILE UNIT
# example: {python}
# root: stat -L -c %s|%Y|%a|%U {1}
# root: head -c 4096 {1}
# root: sha256sum {1}
# root: readelf -SW {1}
# root: /lib64/ld-linux-x86-64.so.2 --list {1}
# root: /lib/ld-linux-aarch64.so.1 --list {1}
# root: /lib/ld-musl-x86_64.so.1 --list {1}
# root: LOADER --library-path DIRECTORIES --list {1}
# cause: ^not-elf unsupported
# subject: binary the binary
# subject: symtab its symbols
# subject: libraries libraries of the binary
# $1 path, $2 the unit that runs it, for its library path
f=$1 unit=${2:-}
path=''
if [ -n "$unit" ] && have systemctl; then
  shown=$(systemctl show -p Environment -p EnvironmentFiles "$unit" 2>/dev/null </dev/null)
  path=$(printf '%s\n' "$shown" | sed -n 's/^Environment=//p' | tr ' ' '\n' | sed -n 's/^"\{0,1\}LD_LIBRARY_PATH=\([^"]*\)"\{0,1\}$/\1/p' | tail -1)
  for e in $(printf '%s\n' "$shown" | sed -n 's/^EnvironmentFiles=\([^ ]*\).*/\1/p'); do
    [ -r "$e" ] || continue # the library path is seldom there: not worth a privileged read
    p=$(sed -n 's/^[[:space:]]*LD_LIBRARY_PATH=//p' "$e" | tail -1 | sed 's/^"\(.*\)"$/\1/'); [ -n "$p" ] && path=$p
  done
fi
if [ -n "$unit" ] && have systemctl; then
  x=$(systemctl show -p ExecStart "$unit" 2>/dev/null </dev/null | sed -n 's/^ExecStart={ path=\([^ ;]*\) .*/\1/p' | head -1)
  if [ -n "$x" ]; then kv starts "$x"; if [ "$x" = "$f" ] || [ "$(readlink -f "$x" 2>/dev/null)" = "$(readlink -f "$f" 2>/dev/null)" ]; then kv starts_it yes; else kv starts_it no; fi; fi
fi
r=$(readlink -f "$f" 2>/dev/null) && [ -n "$r" ] && kv real "$r"
if [ ! -e "$f" ] && gone "$f"; then kv binary absent; exit 0; fi
if [ -r "$f" ]; then by() { "$@"; }; else by() { root "$@"; }; fi
o=$(by stat -L -c '%s|%Y|%a|%U' "$f" 2>/dev/null); rc=$?
if [ "$rc" != 0 ]; then
  if [ "$rc" = 77 ]; then cant binary denied; else kv binary absent; fi
  exit 0
fi
kv binary present
kv size "${o%%|*}"; o=${o#*|}; kv mtime "${o%%|*}"; mode=${o#*|}; kv mode "${mode%|*} ${mode#*|}"
case ${mode%|*} in *[1357]*) kv executable yes ;; *) kv executable no ;; esac
# the ELF header: magic, class, machine, and the interpreter's name
head=$(by head -c 4096 "$f" 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
if [ -z "$head" ]; then cant elf unreadable; cant libraries unreadable; exit 0; fi
if [ "${head%"${head#????????}"}" != 7f454c46 ]; then kv elf no; cant libraries "not-elf: $f is no ELF file, such as a script"; exit 0; fi
kv elf yes
byte() { printf '%s' "$head" | cut -c$(( $1 * 2 + 1 ))-$(( $1 * 2 + 2 )); }
[ "$(byte 5)" = 01 ] && machine=$(byte 19)$(byte 18) || machine=$(byte 18)$(byte 19)
case $machine in 003e) machine=x86_64 ;; 00b7) machine=aarch64 ;; 0003) machine=i386 ;; 0028) machine=arm ;; 00f3) machine=riscv64 ;; 0016) machine=s390x ;; 0015) machine=ppc64 ;; esac
kv machine "$machine"
here=$(uname -m)
case $machine:$here in "$here:$here"|i386:x86_64|i386:i?86|arm:arm*|arm:aarch64|ppc64:ppc64*) foreign='' ;; *) foreign=yes; kv missing "a processor of type $machine (this host: $here)" ;; esac
if [ -r "$f" ]; then
  kv sha256 "$(sha256sum "$f" 2>/dev/null | cut -c1-16)"
  if have readelf; then s=$(readelf -SW "$f" 2>/dev/null)
    kv symtab "$(printf '%s\n' "$s" | grep -c ' \.symtab ')"; kv debuginfo "$(printf '%s\n' "$s" | grep -c ' \.debug_info ')"
    readelf -dW "$f" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/needed=\1/p'
  elif have file; then d=$(file -bL "$f"); case $d in *"not stripped"*) kv symtab 1;; *stripped*) kv symtab 0;; *) cant symtab file-unsure;; esac; case $d in *debug_info*) kv debuginfo 1;; *) kv debuginfo 0;; esac
  elif ! grep -qa '\.symtab' "$f"; then kv symtab 0; kv debuginfo "$(grep -ca '\.debug_info' "$f")"
  else cant symtab no-readelf-no-file; fi
else
  if s=$(by sha256sum "$f" 2>/dev/null); then kv sha256 "$(printf '%s' "$s" | cut -c1-16)"; else cant sha256 unreadable; fi
  if have readelf && s=$(by readelf -SW "$f" 2>/dev/null); then kv symtab "$(printf '%s\n' "$s" | grep -c ' \.symtab ')"; kv debuginfo "$(printf '%s\n' "$s" | grep -c ' \.debug_info ')"
  else cant symtab unreadable; cant debuginfo unreadable; fi
fi
loader=$(printf '%s\n' "$head" | sed 's/../& /g' | awk 'BEGIN { for (i = 32; i < 127; i++) C[sprintf("%02x", i)] = sprintf("%c", i) } { for (i = 1; i <= NF; i++) printf "%s", $i in C ? C[$i] : "\n" }' | grep -a '^/[A-Za-z0-9_./+-]*/ld[A-Za-z0-9_.+-]*$' | head -1)
if [ -z "$loader" ]; then
  # no interpreter: static, unless the header is unusual and names it further on
  if [ -r "$f" ] && have readelf && readelf -lW "$f" 2>/dev/null | grep -q INTERP; then cant libraries "unsupported: the interpreter is named in an unusual place"
  else kv static yes; kv libraries 0; fi
elif [ -n "$foreign" ]; then kv static no; kv libraries 0
elif [ ! -e "$loader" ]; then kv static no; kv libraries 0; kv missing "the interpreter $loader"
else
  # the binary's own loader lists what it finds; nothing of the binary runs
  if [ -n "$path" ]; then kv library_path "$path"; l=$(unset LD_LIBRARY_PATH; by "$loader" --library-path "$path" --list "$f" 2>&1 </dev/null); else l=$(unset LD_LIBRARY_PATH; by "$loader" --list "$f" 2>&1 </dev/null); fi; rc=$?
  case $rc:$l in
    77:*) cant libraries denied ;;
    *'=>'*|*linux-vdso*|*"statically linked"*|*"cannot open shared object"*|*"version \`"*|*"Error loading"*|*"Error relocating"*)
      kv static no; kv libraries "$(printf '%s\n' "$l" | grep -cE '=>|^[[:space:]]*/.*\(0x')"
      printf '%s\n' "$l" | sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p
        s/^Error loading shared library \([^:]*\):.*/\1/p
        s/.*error while loading shared libraries: \([^:]*\): cannot open.*/\1/p
        s/^Error relocating [^:]*: \([^:]*\): symbol not found.*/the symbol \1/p
        s/.*: version `\([^'"'"']*\)'"'"' not found.*/\1/p' | sort -u | sed 's/^/missing=/' ;;
    *) cant libraries "loader-failed $(printf '%s' "$l" | tail -1 | cut -c1-80)" ;;
  esac
fi
