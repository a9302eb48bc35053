#!/bin/sh
# Installs what was built, with the Node it was built for, for every user of this machine:
#
#   sudo packaging/install.sh [PREFIX]            PREFIX/bin/admin and PREFIX/lib/admin; PREFIX is /usr/local
#   sudo packaging/install.sh --remove [PREFIX]   takes both away; the store and the configuration stay
#
# The new version is laid beside the old one and put in its place by renaming. Nothing is fetched and no script of a
# package runs. Units for systemd are put beside it, in PREFIX/lib/admin/systemd; nothing is enabled.
set -eu
umask 022

fail() {
  printf 'install: %s\n' "$1" >&2
  exit 1
}

action=install
case ${1:-} in
  --help | -h)
    sed -n '2,/^set -eu/{/^#/s/^# \{0,1\}//p;}' "$0"
    exit 0
    ;;
  --remove)
    action=remove
    shift
    ;;
esac
[ $# -le 1 ] || fail "too many arguments; expected [--remove] [PREFIX]"
prefix=${1:-/usr/local}
case $prefix in
  -*) fail "unknown option $prefix; expected [--remove] [PREFIX]" ;;
  *\'*) fail "the prefix must not contain a quote: $prefix" ;;
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
library=$prefix/lib/admin
launcher=$prefix/bin/admin
new=$library.new.$$
old=$library.old.$$

# Not ours to replace or remove, if it starts anything else.
if [ -e "$launcher" ] && ! grep -qs 'lib/admin/dist/admin.cjs' "$launcher"; then
  fail "$launcher is another program; choose another prefix"
fi
if [ -e "$library" ] && [ ! -f "$library/dist/admin.cjs" ]; then
  fail "$library belongs to another program; choose another prefix"
fi

if [ "$action" = remove ]; then
  if [ ! -e "$launcher" ] && [ ! -e "$library" ]; then
    printf 'nothing to remove in %s\n' "$prefix"
    exit 0
  fi
  for part in "$launcher" "$library"; do
    [ -e "$part" ] || continue
    rm -rf "$part"
    printf 'removed %s\n' "$part"
  done
  exit 0
fi

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
node=$root/node_modules/node/bin/node
for part in "$node" "$root/dist/admin.cjs" "$root"/dist/main-*.cjs.cache "$root/oclif.manifest.json"; do
  [ -f "$part" ] || fail "$part is missing; run first: npm run setup"
done

# Also where it is interrupted between the two renames.
tidy() {
  if [ -e "$old" ] && [ ! -e "$library" ]; then mv "$old" "$library"; fi
  rm -rf "$new" "$launcher.new.$$" "$old"
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM

mkdir -p "$prefix/bin" "$new/bin"
cp "$node" "$new/bin/node"
cp -R "$root/dist" "$new/dist"
cp "$root/oclif.manifest.json" "$root/package.json" "$new/"
mkdir "$new/systemd"
# As a word in double quotes of a unit, where % and $ begin something else; then for sed.
quoted=$(printf '%s' "$prefix" | sed 's/[\\"]/\\&/g; s/[%$]/&&/g' | sed 's/[\\&|]/\\&/g')
for unit in "$root"/packaging/systemd/*; do
  sed "s|@PREFIX@|$quoted|" "$unit" >"$new/systemd/${unit##*/}"
done
chmod -R u=rwX,go=rX "$new"
chmod 0755 "$new/bin/node"

# A larger nursery saves the two or three collections of garbage that a short run would otherwise begin with.
cat >"$launcher.new.$$" <<END
#!/bin/sh
exec '$library/bin/node' --min-semi-space-size=16 '$library/dist/admin.cjs' "\$@"
END
chmod 0755 "$launcher.new.$$"
if [ "$(id -u)" = 0 ]; then chown -R 0:0 "$new" "$launcher.new.$$"; fi

if [ -e "$library" ]; then mv "$library" "$old"; fi
mv "$new" "$library"
mv -f "$launcher.new.$$" "$launcher"
printf 'installed %s in %s\n' "$("$launcher" --version)" "$launcher"

# Under sudo this is the path that sudo searches; some systems leave /usr/local/bin out of it.
case :$PATH: in
  *:"$prefix/bin":*) ;;
  *) printf '%s is not in PATH here: "admin" alone will not be found\n' "$prefix/bin" ;;
esac
