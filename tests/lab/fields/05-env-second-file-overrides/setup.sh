# a second file, read after the first
printf 'STELLAR_NETWORK=testnet\nRUST_LOG=debug\n' > /etc/default/payments
sed 's|^ExecStart=|EnvironmentFile=-/etc/default/payments\nExecStart=|' /root/bk/payments.service > /etc/systemd/system/payments.service
systemctl kill -s KILL payments; systemctl daemon-reload; systemctl restart payments; sleep 1
tr '\0' '\n' < /proc/$(systemctl show -p MainPID --value payments)/environ | grep -E 'STELLAR|RUST'
