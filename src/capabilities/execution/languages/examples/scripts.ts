import { examplesOf } from './example.ts';

export const rubyExamples = examplesOf('main.rb', {
  hello: `
puts "Hello from Ruby"
`,
  stdin: `
counts = $stdin.read.split.tally
counts.max_by(3) { |_, count| count }.each { |word, count| puts "#{count} #{word}" }
`,
  args: `
ARGV.each { |name| puts "Hello, #{name}" }
`,
  output: `
path = File.join(ENV.fetch("GANTRY_OUTPUT"), "squares.csv")
File.write(path, "n,square\\n" + (1..20).map { |n| "#{n},#{n * n}\\n" }.join)
puts "wrote #{path}"
`,
  limit: `
limit = 200_000
composite = Array.new(limit + 1, false)
primes = (2..limit).count do |n|
  next false if composite[n]
  (n * n).step(limit, n) { |m| composite[m] = true }
  true
end
puts "#{primes} primes below #{limit}"
`,
  talk: `
print "What is your name? "
puts "Nice to meet you, #{gets.chomp}"
`,
});

export const phpExamples = examplesOf('main.php', {
  hello: `
<?php
echo "Hello from PHP\\n";
`,
  stdin: `
<?php
$counts = array_count_values(preg_split('/\\s+/', trim(stream_get_contents(STDIN))));
arsort($counts);
foreach (array_slice($counts, 0, 3) as $word => $count) echo "$count $word\\n";
`,
  args: `
<?php
foreach (array_slice($argv, 1) as $name) echo "Hello, $name\\n";
`,
  output: `
<?php
$path = getenv('GANTRY_OUTPUT') . '/squares.csv';
$rows = array_map(fn($n) => "$n," . $n * $n . "\\n", range(1, 20));
file_put_contents($path, "n,square\\n" . implode('', $rows));
echo "wrote $path\\n";
`,
  limit: `
<?php
$limit = 200000;
$composite = array_fill(0, $limit + 1, false);
$primes = 0;
for ($n = 2; $n <= $limit; $n++) {
    if ($composite[$n]) continue;
    $primes++;
    for ($m = $n * $n; $m <= $limit; $m += $n) $composite[$m] = true;
}
echo "$primes primes below $limit\\n";
`,
  talk: `
<?php
echo "What is your name? ";
echo "Nice to meet you, " . trim(fgets(STDIN)) . "\\n";
`,
});

export const luaExamples = examplesOf('main.lua', {
  hello: `
print("Hello from " .. _VERSION)
`,
  stdin: `
local counts, words = {}, {}
for word in io.read("a"):gmatch("%S+") do
  if not counts[word] then words[#words + 1] = word end
  counts[word] = (counts[word] or 0) + 1
end
table.sort(words, function(a, b) return counts[a] > counts[b] or counts[a] == counts[b] and a < b end)
for i = 1, 3 do print(counts[words[i]], words[i]) end
`,
  args: `
for _, name in ipairs(arg) do print("Hello, " .. name) end
`,
  output: `
local path = os.getenv("GANTRY_OUTPUT") .. "/squares.csv"
local file = assert(io.open(path, "w"))
file:write("n,square\\n")
for n = 1, 20 do file:write(n, ",", n * n, "\\n") end
file:close()
print("wrote " .. path)
`,
  limit: `
local limit, primes, composite = 200000, 0, {}
for n = 2, limit do
  if not composite[n] then
    primes = primes + 1
    for m = n * n, limit, n do composite[m] = true end
  end
end
print(primes .. " primes below " .. limit)
`,
});
