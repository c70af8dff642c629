#!/bin/sh
# From nothing to scored photos: installs what is missing, builds paa, fetches the models, scores photos for two
# described people and writes a page that shows both. Without arguments it takes the sample photos.
#
#   sh examples/quickstart.sh [PHOTO_OR_FOLDER...]
#
# Needs the network the first time only. See setup.sh for the variables it heeds.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
home="${PAA_HOME:-$HOME/.cache/paa}"
paa="$root/build/examples/paa/paa"
student="$root/examples/profiles/student.json"
engineer="$root/examples/profiles/engineer.json"
page="$root/out/gallery.html"

sh "$root/examples/build.sh" paa_cli
"$home/venv/bin/python" "$root/examples/fetch_model.py"
[ $# -gt 0 ] || set -- "$home/samples"

# A photo that cannot be read is named and does not stop the others; the exit status tells at the end.
status=0
printf '\nScores for the person of %s:\n\n' "$student"
"$paa" score --profile "$student" "$@" || status=$?
mkdir -p "$root/out"
"$paa" rank --profile "$student" --profile "$engineer" --html "$page" "$@" || status=$?
[ "$status" -eq 0 ] || printf '\nSome of it went wrong; the messages stand above.\n' >&2
[ -e "$page" ] || exit "$status"

cat <<END

The page with both people's ranking: $page

Go on with:
  $paa score --age 30 --gender female --about "I like quiet landscapes." PHOTO_OR_FOLDER...
  $paa rank --profile $student --html mine.html FOLDER
  $paa models
  $paa --help
  sh $root/tests/run.sh
END
exit "$status"
