import { examplesOf } from './example.ts';

export const cExamples = examplesOf('main.c', {
  hello: `
#include <stdio.h>

int main(void) {
    puts("Hello from C");
}
`,
  stdin: `
#include <ctype.h>
#include <stdio.h>

int main(void) {
    int words = 0, inside = 0;
    for (int c; (c = getchar()) != EOF; inside = !isspace(c))
        if (!isspace(c) && !inside) words++;
    printf("%d words\\n", words);
}
`,
  args: `
#include <stdio.h>

int main(int count, char *names[]) {
    for (int i = 1; i < count; i++) printf("Hello, %s\\n", names[i]);
}
`,
  output: `
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    char path[256];
    snprintf(path, sizeof path, "%s/squares.csv", getenv("GANTRY_OUTPUT"));
    FILE *file = fopen(path, "w");
    if (!file) return perror(path), 1;
    fputs("n,square\\n", file);
    for (int n = 1; n <= 20; n++) fprintf(file, "%d,%d\\n", n, n * n);
    fclose(file);
    printf("wrote %s\\n", path);
}
`,
  limit: `
#include <stdio.h>

enum { limit = 1000000 };
static char composite[limit + 1];

int main(void) {
    int primes = 0;
    for (long n = 2; n <= limit; n++) {
        if (composite[n]) continue;
        primes++;
        for (long m = n * n; m <= limit; m += n) composite[m] = 1;
    }
    printf("%d primes below %d\\n", primes, limit);
}
`,
  talk: `
#include <stdio.h>

int main(void) {
    char name[100];
    printf("What is your name? ");
    fflush(stdout);
    if (scanf("%99s", name) == 1) printf("Nice to meet you, %s\\n", name);
}
`,
});

export const cppExamples = examplesOf('main.cpp', {
  hello: `
#include <iostream>

int main() {
    std::cout << "Hello from C++\\n";
}
`,
  stdin: `
#include <iostream>
#include <map>
#include <string>

int main() {
    std::map<std::string, int> counts;
    for (std::string word; std::cin >> word;) counts[word]++;
    for (const auto &[word, count] : counts)
        if (count > 1) std::cout << count << " " << word << "\\n";
}
`,
  args: `
#include <iostream>

int main(int count, char *names[]) {
    for (int i = 1; i < count; i++) std::cout << "Hello, " << names[i] << "\\n";
}
`,
  output: `
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

int main() {
    const std::string path = std::string(std::getenv("GANTRY_OUTPUT")) + "/squares.csv";
    std::ofstream file(path);
    file << "n,square\\n";
    for (int n = 1; n <= 20; n++) file << n << "," << n * n << "\\n";
    std::cout << "wrote " << path << "\\n";
}
`,
  limit: `
#include <iostream>
#include <vector>

int main() {
    const long limit = 1'000'000;
    std::vector<bool> composite(limit + 1);
    int primes = 0;
    for (long n = 2; n <= limit; n++) {
        if (composite[n]) continue;
        primes++;
        for (long m = n * n; m <= limit; m += n) composite[m] = true;
    }
    std::cout << primes << " primes below " << limit << "\\n";
}
`,
  talk: `
#include <iostream>
#include <string>

int main() {
    std::cout << "What is your name? " << std::flush;
    std::string name;
    std::getline(std::cin, name);
    std::cout << "Nice to meet you, " << name << "\\n";
}
`,
});
