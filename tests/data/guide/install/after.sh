root/usr/local/bin/goodword --version | grep --quiet '^goodword '
grep --quiet '^ExecStart=/usr/local/bin/goodword ' root/etc/systemd/system/goodword.service
grep --quiet "^GOODWORD_PUBLIC_URL=http" root/etc/goodword.env
grep --quiet --line-regexp 'systemctl enable --now goodword' installed.log
