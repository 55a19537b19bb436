import type { Example } from './examples.ts';
import { poem } from './shared-input.ts';

const words = { title: 'words', stdin: poem } as const;

export const compiledExamples: readonly Example[] = [
  {
    ...words,
    language: 'c',
    files: [
      {
        name: 'main.c',
        content: `#include <ctype.h>
#include <stdio.h>

int main(void) {
    int words = 0, inside = 0, next;
    while ((next = getchar()) != EOF) {
        if (!isspace(next) && !inside) words++;
        inside = !isspace(next);
    }
    printf("%d words\\n", words);
    return 0;
}
`,
      },
    ],
  },
  {
    ...words,
    language: 'c++',
    files: [
      {
        name: 'main.cpp',
        content: `#include <iostream>
#include <map>
#include <string>

int main() {
    std::map<std::string, int> counts;
    for (std::string word; std::cin >> word;) counts[word]++;
    for (const auto& [word, count] : counts) {
        if (count > 1) std::cout << word << ": " << count << "\\n";
    }
}
`,
      },
    ],
  },
  {
    ...words,
    language: 'go',
    files: [
      {
        name: 'main.go',
        content: `package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	counts := map[string]int{}
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Split(bufio.ScanWords)
	for scanner.Scan() {
		counts[scanner.Text()]++
	}
	fmt.Println(counts)
}
`,
      },
    ],
  },
  {
    ...words,
    language: 'rust',
    files: [
      {
        name: 'main.rs',
        content: `use std::collections::BTreeMap;
use std::io::{self, Read};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut counts = BTreeMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word).or_insert(0) += 1;
    }
    println!("{counts:?}");
    Ok(())
}
`,
      },
    ],
  },
  {
    ...words,
    language: 'java',
    files: [
      {
        name: 'Main.java',
        content: `import java.util.Scanner;
import java.util.TreeMap;

public class Main {
    public static void main(String[] args) {
        var counts = new TreeMap<String, Integer>();
        var scanner = new Scanner(System.in);
        while (scanner.hasNext()) counts.merge(scanner.next(), 1, Integer::sum);
        System.out.println(counts);
    }
}
`,
      },
    ],
  },
];
