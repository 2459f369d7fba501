# An archive as `cargo xtask release` packs it, around a program that calls this one; and a system of this folder's own, whose root
# `sudo` writes to.
name=goodword-0.0.0-x86_64-unknown-linux-musl
mkdir -p "packed/$name" root/etc
printf '#!/bin/sh\nexec "%s" "$@"\n' "$GOODWORD" > "packed/$name/goodword"
chmod 755 "packed/$name/goodword"
cp "$SOURCE/server/packaging/goodword.service" "packed/$name/"
tar --create --gzip --file "$name.tar.gz" --directory packed "$name"
sha256sum "$name.tar.gz" > SHA256SUMS
echo "$(printf '%064d' 0)  goodword-0.0.0.cdx.json" >> SHA256SUMS
sudo() {
  case "$1" in
    install)
      shift
      local to="root${!#}"
      mkdir -p "$(dirname "$to")"
      command install "${@:1:$#-1}" "$to"
      ;;
    tee) command tee "root$2" > /dev/null ;;
    systemctl | journalctl) echo "$*" >> installed.log ;;
    *) echo "sudo $1 is not known here" >&2; return 1 ;;
  esac
}
