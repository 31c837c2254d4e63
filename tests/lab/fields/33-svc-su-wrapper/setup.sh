# an old start line: su changes the user
cp -p /root/bk/opt/.env.production /opt/payments/.env.production; chown payments:payments /opt/payments/.env.production
sed 's|^User=.*||; s|^ExecStart=.*|ExecStart=/bin/su -s /bin/sh payments -c "exec /opt/payments/payments"|' /root/bk/payments.service > /etc/systemd/system/payments.service
systemctl kill -s KILL payments; systemctl daemon-reload; systemctl restart payments; sleep 1
ps -o user,pid,args -C su,payments,sleep | head
