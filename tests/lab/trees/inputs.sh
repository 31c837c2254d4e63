#!/bin/bash
# inputs.sh FOLDER: what a host is made of besides packages: an SSH key, the application, certificates.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out/tls"
[ -f "$out/lab" ] || ssh-keygen -q -t ed25519 -N '' -C readiness-lab -f "$out/lab"
gcc -O2 -s -Wall -o "$out/payments" "$here/payments.c"

cd "$out/tls"
authority() { # NAME SUBJECT: a self-signed authority
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout "$1.key" -out "$1.pem" -subj "$2" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}
issue() { # NAME AUTHORITY EXTENSIONS SUBJECT KEY DATES...: a certificate that AUTHORITY signs
  local name=$1 by=$2 extensions=$3 subject=$4 key=$5
  shift 5
  openssl req -new -key "$key" -subj "$subject" -out "$name.csr"
  printf '%s\n' "$extensions" > "$name.ext"
  rm -rf issued; mkdir issued; : > issued/index.txt
  openssl ca -batch -notext -md sha256 -in "$name.csr" -out "$name.pem" -cert "$by.pem" -keyfile "$by.key" \
    -outdir issued -extfile "$name.ext" -config <(printf '%s\n' '[ca]' 'default_ca=d' '[d]' 'database=issued/index.txt' \
      'policy=p' 'rand_serial=yes' '[p]' 'O=optional' 'CN=supplied') "$@"
}
leaf=$'subjectAltName=DNS:api.payments.test\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE'
year=(-days 397)
authority ca "/O=Readiness Lab/CN=Readiness Lab Root"
authority acmeca "/O=Acme/CN=Acme Root"
openssl genrsa -out api.key 2048 2>/dev/null
openssl genrsa -out int.key 2048 2>/dev/null
issue int ca $'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign' "/O=Readiness Lab/CN=Readiness Lab Intermediate" int.key -days 1825
issue api ca "$leaf" "/CN=api.payments.test" api.key "${year[@]}"
issue byint int "$leaf" "/CN=api.payments.test" api.key "${year[@]}"
issue acme acmeca "$leaf" "/CN=api.payments.test" api.key "${year[@]}"
issue expired ca "$leaf" "/CN=api.payments.test" api.key -startdate 20240101000000Z -enddate 20240401000000Z
openssl req -x509 -key api.key -days 397 -subj /CN=api.payments.test -addext subjectAltName=DNS:api.payments.test -out self.pem 2>/dev/null
cat api.pem > fullchain.pem
cat ca.pem acmeca.pem > ../trusted.pem
mkdir -p ../authorities
mv ca.key acmeca.key int.key ../authorities/
rm -rf issued ./*.csr ./*.ext
