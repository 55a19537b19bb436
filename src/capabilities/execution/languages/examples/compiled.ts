import { examplesOf } from './example.ts';

export const goExamples = examplesOf('main.go', {
  hello: `
package main

import "fmt"

func main() {
	fmt.Println("Hello from Go")
}
`,
  stdin: `
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	words := bufio.NewScanner(os.Stdin)
	words.Split(bufio.ScanWords)
	counts := map[string]int{}
	for words.Scan() {
		counts[words.Text()]++
	}
	fmt.Println(len(counts), "different words")
}
`,
  args: `
package main

import (
	"fmt"
	"os"
)

func main() {
	for _, name := range os.Args[1:] {
		fmt.Println("Hello,", name)
	}
}
`,
  output: `
package main

import (
	"image"
	"image/color"
	"image/png"
	"log"
	"os"
	"path/filepath"
)

func main() {
	picture := image.NewRGBA(image.Rect(0, 0, 256, 256))
	for y := 0; y < 256; y++ {
		for x := 0; x < 256; x++ {
			picture.Set(x, y, color.RGBA{uint8(x), uint8(y), uint8(x ^ y), 255})
		}
	}
	path := filepath.Join(os.Getenv("GANTRY_OUTPUT"), "colours.png")
	file, err := os.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, picture); err != nil {
		log.Fatal(err)
	}
	os.Stdout.WriteString("wrote " + path + "\\n")
}
`,
  limit: `
package main

import "fmt"

func main() {
	const limit = 1000000
	composite := make([]bool, limit+1)
	primes := 0
	for n := 2; n <= limit; n++ {
		if composite[n] {
			continue
		}
		primes++
		for m := n * n; m <= limit; m += n {
			composite[m] = true
		}
	}
	fmt.Println(primes, "primes below", limit)
}
`,
  talk: `
package main

import "fmt"

func main() {
	var name string
	fmt.Print("What is your name? ")
	fmt.Scanln(&name)
	fmt.Println("Nice to meet you,", name)
}
`,
});

export const rustExamples = examplesOf('main.rs', {
  hello: `
fn main() {
    println!("Hello from Rust");
}
`,
  stdin: `
use std::collections::BTreeMap;
use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let mut counts = BTreeMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word).or_insert(0) += 1;
    }
    println!("{} different words", counts.len());
}
`,
  args: `
fn main() {
    for name in std::env::args().skip(1) {
        println!("Hello, {name}");
    }
}
`,
  output: `
use std::fmt::Write;

fn main() {
    let path = format!("{}/squares.csv", std::env::var("GANTRY_OUTPUT").unwrap());
    let mut table = String::from("n,square\\n");
    for n in 1..=20 {
        writeln!(table, "{},{}", n, n * n).unwrap();
    }
    std::fs::write(&path, table).unwrap();
    println!("wrote {path}");
}
`,
  limit: `
fn main() {
    const LIMIT: usize = 1_000_000;
    let mut composite = vec![false; LIMIT + 1];
    let mut primes = 0;
    for n in 2..=LIMIT {
        if composite[n] {
            continue;
        }
        primes += 1;
        for m in (n * n..=LIMIT).step_by(n) {
            composite[m] = true;
        }
    }
    println!("{primes} primes below {LIMIT}");
}
`,
  talk: `
use std::io::{stdin, stdout, Write};

fn main() {
    print!("What is your name? ");
    stdout().flush().unwrap();
    let mut name = String::new();
    stdin().read_line(&mut name).unwrap();
    println!("Nice to meet you, {}", name.trim());
}
`,
});

const javaMain = (imports: string, body: string) => `
${imports}public class Main {
    public static void main(String[] args) throws Exception {
${body}
    }
}
`;

export const javaExamples = examplesOf('Main.java', {
  hello: javaMain('', '        System.out.println("Hello from Java");'),
  stdin: javaMain(
    'import java.util.*;\n\n',
    `        Map<String, Integer> counts = new TreeMap<>();
        Scanner words = new Scanner(System.in);
        while (words.hasNext()) counts.merge(words.next(), 1, Integer::sum);
        counts.forEach((word, count) -> { if (count > 1) System.out.println(count + " " + word); });`,
  ),
  args: javaMain('', '        for (String name : args) System.out.println("Hello, " + name);'),
  output: javaMain(
    'import java.nio.file.*;\n\n',
    `        StringBuilder table = new StringBuilder("n,square\\n");
        for (int n = 1; n <= 20; n++) table.append(n).append(',').append(n * n).append('\\n');
        Path path = Path.of(System.getenv("GANTRY_OUTPUT"), "squares.csv");
        Files.writeString(path, table);
        System.out.println("wrote " + path);`,
  ),
  limit: javaMain(
    '',
    `        int limit = 1_000_000, primes = 0;
        boolean[] composite = new boolean[limit + 1];
        for (int n = 2; n <= limit; n++) {
            if (composite[n]) continue;
            primes++;
            for (long m = (long) n * n; m <= limit; m += n) composite[(int) m] = true;
        }
        System.out.println(primes + " primes below " + limit);`,
  ),
  talk: javaMain(
    'import java.util.Scanner;\n\n',
    `        System.out.print("What is your name? ");
        System.out.println("Nice to meet you, " + new Scanner(System.in).nextLine());`,
  ),
});
