#!/bin/bash
# Runs inside the chroot of a copy of the base tree: a host where everything the checklist asks is right.
set -e
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
useradd -m -s /bin/bash readiness 2>/dev/null || true
usermod -aG systemd-journal,adm readiness
install -d -m 700 -o readiness -g readiness /home/readiness/.ssh
install -m 600 -o readiness -g readiness /tmp/lab.pub /home/readiness/.ssh/authorized_keys
useradd -m -s /bin/bash deploy 2>/dev/null || true
install -d -m 700 -o deploy -g deploy /home/deploy/.ssh; install -m 600 -o deploy -g deploy /tmp/lab.pub /home/deploy/.ssh/authorized_keys
echo 'deploy ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy; chmod 440 /etc/sudoers.d/deploy
usermod -aG systemd-journal,adm deploy
ssh-keygen -A >/dev/null
cat > /etc/ssh/sshd_config.d/10-hardening.conf <<X
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
X11Forwarding no
X
ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime; echo Etc/UTC > /etc/timezone
# firewall
sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf
cat > /etc/ufw/user.rules <<X
*filter
:ufw-user-input - [0:0]
:ufw-user-output - [0:0]
:ufw-user-forward - [0:0]
:ufw-user-limit - [0:0]
:ufw-user-limit-accept - [0:0]
### RULES ###
### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 22 -j ACCEPT
### tuple ### allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 80 -j ACCEPT
### tuple ### allow tcp 443 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 443 -j ACCEPT
### END RULES ###
-A ufw-user-limit -j REJECT
-A ufw-user-limit-accept -j ACCEPT
COMMIT
X
# fail2ban
cat > /etc/fail2ban/jail.d/sshd.local <<X
[sshd]
enabled = true
backend = systemd
maxretry = 5
X
# postgres
PGV=$(ls /etc/postgresql | head -1); PGC=/etc/postgresql/$PGV/main
cat > $PGC/conf.d/production.conf <<X
listen_addresses = 'localhost'
shared_buffers = 512MB
effective_cache_size = 1536MB
maintenance_work_mem = 128MB
work_mem = 8MB
random_page_cost = 1.1
effective_io_concurrency = 200
wal_buffers = 16MB
checkpoint_completion_target = 0.9
min_wal_size = 1GB
max_wal_size = 4GB
max_connections = 100
log_min_duration_statement = 500
shared_preload_libraries = 'pg_stat_statements'
password_encryption = scram-sha-256
track_io_timing = on
X
pg_ctlcluster $PGV main start; sleep 3
DBPASS='Vx7qTn3sLz9wRk2mYc8bHf5gJd4pKa6uXe1oQi0Z'
su postgres -c "psql -q" <<X
create role payments login password '$DBPASS' nosuperuser nocreatedb nocreaterole;
create database payments owner payments;
create role readiness login; grant pg_monitor to readiness;
revoke connect on database payments from public; grant connect on database payments to payments, readiness;
\c payments
create extension pgcrypto; create extension pg_stat_statements;
revoke create on schema public from public;
create table _sqlx_migrations(version bigint primary key, description text, installed_on timestamptz default now(), success boolean, checksum bytea, execution_time bigint);
insert into _sqlx_migrations values (20260101000000,'init',now(),true,'\x00',1),(20260201000000,'payments',now(),true,'\x00',1);
alter table _sqlx_migrations owner to payments;
create table orders(id bigserial primary key, at timestamptz default now(), amount numeric, customer int);
alter table orders owner to payments;
insert into orders(amount, customer) select random()*100, (random()*1000)::int from generate_series(1,20000);
create index on orders(customer); analyze;
grant select on pg_hba_file_rules to readiness; grant execute on function pg_hba_file_rules() to readiness; grant select on _sqlx_migrations to readiness;
X
sed -i 's/\bmd5\b/scram-sha-256/' $PGC/pg_hba.conf
install -d -m 750 -o postgres -g adm /var/backups/payments
for d in 0 1 2 3 4 5 6 7 8 9; do su postgres -c "pg_dump -Fc payments" > /var/backups/payments/payments-$d.dump; touch -d "$d days ago 02:15" /var/backups/payments/payments-$d.dump; chown postgres:adm /var/backups/payments/*.dump; chmod 640 /var/backups/payments/*.dump; done
touch -d '3 hours ago' /var/backups/payments/payments-0.dump
pg_ctlcluster $PGV main stop
cat > /usr/local/bin/payments-backup <<'X'
#!/bin/sh
set -eu
d=/var/backups/payments/payments-$(date +%Y%m%d%H%M).dump
pg_dump -Fc payments > "$d.part" && mv "$d.part" "$d"
find /var/backups/payments -name '*.dump' -mtime +14 -delete
X
chmod 755 /usr/local/bin/payments-backup
echo '15 2 * * * postgres /usr/local/bin/payments-backup' > /etc/cron.d/payments-backup; chmod 644 /etc/cron.d/payments-backup
# redis
REDISPASS='RQ8vN2cW5xZ7mK4tL9sB3hJ6fD1gP0aYuE'
sed -i "s/^# requirepass .*/requirepass $REDISPASS/; s/^# maxmemory <bytes>.*/maxmemory 256mb/; s/^# maxmemory-policy .*/maxmemory-policy allkeys-lru/" /etc/redis/redis.conf
# app
useradd -r -s /usr/sbin/nologin payments 2>/dev/null || true
install -d -o root -g payments -m 750 /opt/payments; install -o root -g payments -m 750 /tmp/payments /opt/payments/payments
cat > /opt/payments/.env.production <<X
DATABASE_URL=postgres://payments:$DBPASS@localhost:5432/payments
REDIS_URL=redis://:$REDISPASS@localhost:6379/0
RUST_LOG=info
STELLAR_NETWORK=mainnet
PAYSTACK_SECRET_KEY=sk_live_0a1b2c3d4e5f60718293a4b5c6d7e8f901234567
PAYSTACK_PUBLIC_KEY=pk_live_89abcdef0123456789abcdef0123456789abcdef
DATABASE_MAX_CONNECTIONS=20
BIND=127.0.0.1:8080
RATE_LIMIT=20
X
chown payments:payments /opt/payments/.env.production; chmod 600 /opt/payments/.env.production
cat > /etc/systemd/system/payments.service <<X
[Unit]
Description=Payments API
After=network.target postgresql.service redis-server.service
[Service]
User=payments
EnvironmentFile=/opt/payments/.env.production
ExecStart=/opt/payments/payments
Restart=on-failure
RestartSec=2
StandardOutput=journal
NoNewPrivileges=yes
MemoryMax=512M
[Install]
WantedBy=multi-user.target
X
# nginx
install -d /etc/ssl/lab; cp /tmp/tls/* /etc/ssl/lab/; chmod 600 /etc/ssl/lab/*.key
cat > /etc/nginx/sites-available/payments <<'X'
log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time';
limit_req_zone $binary_remote_addr zone=api:1m rate=20r/s;
limit_req_status 429;
server { listen 80 default_server; server_name api.payments.test; return 301 https://$host$request_uri; }
server {
  listen 443 ssl; server_name api.payments.test;
  ssl_certificate /etc/ssl/lab/fullchain.pem; ssl_certificate_key /etc/ssl/lab/api.key; ssl_protocols TLSv1.2 TLSv1.3;
  client_max_body_size 2m;
  access_log /var/log/nginx/api.log timed;
  add_header Strict-Transport-Security "max-age=31536000" always;
  add_header X-Content-Type-Options nosniff always;
  add_header X-Frame-Options DENY always;
  add_header Content-Security-Policy "default-src 'none'; frame-ancestors 'none'" always;
  add_header Referrer-Policy no-referrer always;
  location / { limit_req zone=api burst=20 nodelay; proxy_pass http://127.0.0.1:8080; proxy_set_header Host $host; }
}
X
rm -f /etc/nginx/sites-enabled/default; ln -sf /etc/nginx/sites-available/payments /etc/nginx/sites-enabled/payments
sed -i 's/# server_tokens off;/server_tokens off;/' /etc/nginx/nginx.conf
# monitoring
cat > /etc/prometheus/prometheus.yml <<X
global: {scrape_interval: 5s, evaluation_interval: 5s}
rule_files: [/etc/prometheus/rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['localhost:9093']}]}]}
scrape_configs:
- {job_name: node, static_configs: [{targets: ['localhost:9100']}]}
- {job_name: app, static_configs: [{targets: ['localhost:8080']}]}
- {job_name: alertmanager, static_configs: [{targets: ['localhost:9093']}]}
- {job_name: prometheus, static_configs: [{targets: ['localhost:9090']}]}
X
cat > /etc/prometheus/rules.yml <<X
groups:
- name: base
  rules:
  - {alert: DiskSpace, expr: 'node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"} < 0.1', for: 5m, labels: {severity: critical}}
  - {alert: MemoryLow, expr: 'node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1', for: 5m, labels: {severity: critical}}
  - {alert: ServiceDown, expr: 'up{job="app"} == 0', for: 1m, labels: {severity: critical}}
X
sed -i 's/example.org/payments.test/g' /etc/prometheus/alertmanager.yml
for u in 9090:prometheus 9093:prometheus-alertmanager 9100:prometheus-node-exporter; do p=${u%%:*}; s=${u#*:}; sed -i "s|^ARGS=.*|ARGS=\"--web.listen-address=127.0.0.1:$p\"|" /etc/default/$s; done
echo 'APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";' > /etc/apt/apt.conf.d/20auto-upgrades
for u in postgresql redis-server nginx fail2ban ufw cron prometheus prometheus-alertmanager prometheus-node-exporter payments ssh rsyslog chrony; do systemctl enable $u >/dev/null 2>&1 || echo "cannot enable $u"; done
rm -f /etc/resolv.conf; echo > /etc/resolv.conf
echo 127.0.0.1 localhost ready api.payments.test > /etc/hosts
# accounts with less: `limited` has the sudoers of least privilege, `plain` has nothing
for account in limited plain; do
  useradd -m -s /bin/bash $account 2>/dev/null || true
  install -d -m 700 -o $account -g $account /home/$account/.ssh
  install -m 600 -o $account -g $account /tmp/lab.pub /home/$account/.ssh/authorized_keys
done
cat > /etc/sudoers.d/limited <<'X2'
Cmnd_Alias RTUI = /usr/sbin/sshd -T -C *, /usr/sbin/ufw status verbose, /usr/sbin/nft list ruleset, \
  /usr/sbin/iptables -S INPUT, /usr/sbin/ip6tables -S INPUT, /usr/bin/firewall-cmd --state, /usr/bin/firewall-cmd --list-all, \
  /usr/bin/fail2ban-client status, /usr/bin/fail2ban-client status [a-z]*, /usr/bin/fail2ban-client get * maxretry, \
  /usr/bin/fail2ban-client get * findtime, /usr/bin/fail2ban-client get * bantime, /usr/bin/passwd -S root, \
  /usr/bin/ss -Hlntp, /usr/bin/ss -Hlnup, /usr/bin/cat /opt/payments/.env.production
limited ALL=(root) NOPASSWD: RTUI
X2
chmod 440 /etc/sudoers.d/limited; visudo -qcf /etc/sudoers.d/limited
# the clock comes from the operator's end of the network
sed -i '/^pool/d; /^server/d; /^sourcedir .run/d' /etc/chrony/chrony.conf
echo 'server 10.201.1.1 iburst minpoll 0 maxpoll 2' > /etc/chrony/sources.d/lab.sources
for u in apache2 firewalld pgbouncer; do systemctl disable $u >/dev/null 2>&1 || true; done
# a container cannot switch these on or needs them for nothing
for u in systemd-networkd systemd-resolved; do systemctl disable $u >/dev/null 2>&1 || true; done
sed -i 's/^\[Journal\]/[Journal]\nStorage=persistent/' /etc/systemd/journald.conf
echo ready > /etc/hostname
# a user manager that ends takes most of a minute under nspawn, and the next login waits for it
mkdir -p /var/lib/systemd/linger
touch /var/lib/systemd/linger/deploy /var/lib/systemd/linger/limited /var/lib/systemd/linger/readiness /var/lib/systemd/linger/plain
