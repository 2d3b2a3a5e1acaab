// expect: 0 1 3 4 | 0 2 4 6 8 | 5 4 3 2 1
// expect: 3 pairs: 0+5 1+4 2+3
// expect: do 1, while 0, for 0
// expect: 2 3 5 7 11 13
// expect: found 2 after 2 outer rounds
// expect: 10 9 8
// expect: nothing 10

int main() {
  for (int i = 0; i < 5; i++) {
    if (i == 2) continue;
    printf("%d ", i);
  }
  printf("|");
  for (int i = 0; i < 10; i += 2) printf(" %d", i);
  printf(" |");
  for (int i = 5; i; i--) printf(" %d", i);

  printf("\n3 pairs:");
  for (int i = 0, j = 5; i < j; i++, j--) printf(" %d+%d", i, j);
  printf("\n");

  // A do loop runs at least once.
  int runs = 0;
  do runs++; while (runs < 0);
  int whiles = 0;
  while (whiles > 0) whiles++;
  int fors = 0;
  for (fors = 0; fors < 0; fors++) {
  }
  printf("do %d, while %d, for %d\n", runs, whiles, fors);

  // continue in a while loop goes to its condition.
  int n = 1;
  while (++n < 14) {
    bool prime = true;
    for (int d = 2; d < n; d++) {
      if (n % d) continue;
      prime = false;
      break;
    }
    if (!prime) continue;
    printf("%d%s", n, n == 13 ? "\n" : " ");
  }

  // break leaves one loop.
  int found = 0, outer = 0;
  while (!found) {
    outer++;
    for (int i = 1; i < 10; i++) {
      if (outer * outer - i == 2) {
        found = outer * outer - 2;
        break;
      }
    }
  }
  printf("found %d after %d outer rounds\n", found, outer);

  int down = 10;
  do {
    if (down == 7) break;
    Serial.print(down);
    Serial.print(down > 8 ? " " : "\n");
    continue;
  } while (down-- > 0);

  int empty = 0;
  for (; empty < 10; empty++);
  printf("nothing %d\n", empty);
}
