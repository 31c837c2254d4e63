# the program keeps its own log file and prints nothing
install -d -o payments /var/log/payments
cat > /opt/payments/quiet <<'E'
#!/bin/sh
exec >>/var/log/payments/app.log 2>&1
while :; do echo "$(date +%s) handled 12 requests"; sleep 2; done
E
chmod 755 /opt/payments/quiet
sed 's|^ExecStart=.*|ExecStart=/opt/payments/quiet|' /root/bk/payments.service > /etc/systemd/system/payments.service
systemctl kill -s KILL payments; journalctl --rotate -q; journalctl --vacuum-time=1s -q; systemctl daemon-reload; systemctl restart payments; sleep 3
echo "journal of the unit:"; journalctl -q -u payments -o cat --no-pager; echo "its own file:"; tail -1 /var/log/payments/app.log; journalctl -q _SYSTEMD_UNIT=payments.service -o cat | wc -l
