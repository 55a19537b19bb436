/*
 * Runs commands side by side and tells of all of them on one stream, in lines that begin with a word only it knows: `<`
 * when one begins, `:` before each line of its output, `>` with its exit code, `.` when its output has ended. Lines are cut
 * to a length that a pipe takes in one piece, so that they never mix; the first reads of an output pass at once, so that it
 * can be followed. Arguments, for each: its number, seconds, directory, command, bytes to keep from the beginning and end.
 * It always ends with 3, because a sandbox names no limit for a program that ends with 0.
 */
export const runnerScript = `
IFS= read -r nonce
line() { if command -v stdbuf > /dev/null 2>&1; then LC_ALL=C stdbuf -oL "$@"; else LC_ALL=C "$@"; fi; }
frame() {
  { dd bs=16384 count=64 2> /dev/null; head -c "$2"; tail -c "$3"; echo; } | line fold -b -w 2000 | line sed "s/^/$nonce $1:/"
  echo "$nonce $1."
}
begin() {
  echo "$nonce $1<" >&4
  code=126
  if cd "$3"; then
    timeout -k 2 "$2" /bin/sh -c "$4" 4>&- < /dev/null
    code=$?
  fi
  echo "$nonce $1>$code" >&4
}
one() { begin "$@" 2>&1 | frame "$1" "$5" "$6" >&4 4>&-; }
exec 4>&1
while [ $# -gt 0 ]; do
  one "$@" &
  shift 6
done
wait
exit 3
`;
