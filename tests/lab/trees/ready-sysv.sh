#!/bin/bash
# Runs inside the tree of a Debian without systemd: sysvinit starts what the checklist asks about.
set -e
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
for account in deploy readiness limited plain; do
  useradd -m -s /bin/bash $account
  install -d -m 700 -o $account -g $account /home/$account/.ssh
  install -m 600 -o $account -g $account /tmp/lab.pub /home/$account/.ssh/authorized_keys
done
usermod -aG adm deploy; usermod -aG adm readiness
echo 'deploy ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy; chmod 440 /etc/sudoers.d/deploy
ssh-keygen -A >/dev/null
printf 'PermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n' > /etc/ssh/sshd_config.d/10-hardening.conf
ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime; echo Etc/UTC > /etc/timezone
sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf
sed -i 's/^### RULES ###/&\n### tuple ### allow tcp 22,80,443 0.0.0.0\/0 any 0.0.0.0\/0 in\n-A ufw-user-input -p tcp -m multiport --dports 22,80,443 -j ACCEPT/' /etc/ufw/user.rules
printf '[sshd]\nenabled = true\nbackend = polling\nlogpath = /var/log/auth.log\n' > /etc/fail2ban/jail.d/sshd.local
touch /var/log/auth.log; chown root:adm /var/log/auth.log; chmod 640 /var/log/auth.log
useradd -r -s /usr/sbin/nologin payments
install -d -o root -g payments -m 750 /opt/payments; install -o root -g payments -m 750 /tmp/payments /opt/payments/payments
printf 'RUST_LOG=info\nSTELLAR_NETWORK=mainnet\n' > /opt/payments/.env.production
chown payments:payments /opt/payments/.env.production; chmod 600 /opt/payments/.env.production
cat > /etc/init.d/payments <<'X'
#!/bin/sh
### BEGIN INIT INFO
# Provides: payments
# Required-Start: $remote_fs $network
# Required-Stop: $remote_fs
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
case $1 in
  start) start-stop-daemon -S -b -c payments -x /opt/payments/payments ;;
  stop) start-stop-daemon -K -x /opt/payments/payments ;;
esac
X
chmod 755 /etc/init.d/payments; update-rc.d payments defaults >/dev/null
install -d /etc/ssl/lab; cp /tmp/tls/* /etc/ssl/lab/; chmod 600 /etc/ssl/lab/*.key
cat > /etc/nginx/sites-enabled/default <<'X'
server {
  listen 443 ssl; server_name api.payments.test;
  ssl_certificate /etc/ssl/lab/fullchain.pem; ssl_certificate_key /etc/ssl/lab/api.key;
  location / { proxy_pass http://127.0.0.1:8080; proxy_set_header Host $host; }
}
X
sed -i '/^pool/d; /^server/d' /etc/chrony/chrony.conf
echo 'server 10.201.1.1 iburst minpoll 0 maxpoll 2' > /etc/chrony/sources.d/lab.sources
sed -i 's/^\([1-6]\):\(.*getty\)/#\1:\2/' /etc/inittab
echo ready > /etc/hostname
echo 127.0.0.1 localhost ready api.payments.test > /etc/hosts
: > /etc/resolv.conf
