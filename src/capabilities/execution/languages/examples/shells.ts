import { examplesOf } from './example.ts';

export const bashExamples = examplesOf('main.sh', {
  hello: `
echo "Hello from bash $BASH_VERSION"
`,
  stdin: `
tr -s '[:space:]' '\\n' | sort | uniq -c | sort -rn | head -3
`,
  args: `
for name in "$@"; do
  echo "Hello, $name"
done
`,
  output: `
{
  echo "n,square"
  for n in {1..20}; do echo "$n,$((n * n))"; done
} > "$GANTRY_OUTPUT/squares.csv"
echo "wrote $GANTRY_OUTPUT/squares.csv"
`,
  limit: `
total=0
for ((n = 1; n <= 100000; n++)); do
  ((total += n))
done
echo "the sum to 100000 is $total"
`,
  talk: `
printf "What is your name? "
read -r name
echo "Nice to meet you, $name"
`,
});

export const perlExamples = examplesOf('main.pl', {
  hello: `
print "Hello from Perl\\n";
`,
  stdin: `
use strict; use warnings;
my %count;
$count{$_}++ for map { split } <STDIN>;
my @top = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
print "$count{$_} $_\\n" for @top[0 .. 2];
`,
  args: `
print "Hello, $_\\n" for @ARGV;
`,
  output: `
use strict; use warnings;
my $path = "$ENV{GANTRY_OUTPUT}/squares.csv";
open my $file, '>', $path or die "$path: $!";
print $file "n,square\\n";
print $file "$_," . $_ ** 2 . "\\n" for 1 .. 20;
close $file;
print "wrote $path\\n";
`,
  limit: `
use strict; use warnings;
my $limit = 100_000;
my @composite;
my $primes = 0;
for my $n (2 .. $limit) {
    next if $composite[$n];
    $primes++;
    for (my $m = $n * $n; $m <= $limit; $m += $n) { $composite[$m] = 1 }
}
print "$primes primes below $limit\\n";
`,
  talk: `
print "What is your name? ";
chomp(my $name = <STDIN>);
print "Nice to meet you, $name\\n";
`,
});
