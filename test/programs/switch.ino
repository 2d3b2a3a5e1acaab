// expect: one
// expect: two or three
// expect: two or three
// expect: four falls into five
// expect: five
// expect: five
// expect: other 6
// expect: digits 3 vowels 2 others 4
// expect: 1 2 4

void name(int n) {
  switch (n) {
    case 1:
      printf("one\n");
      break;
    case 2:
    case 3:
      printf("two or three\n");
      break;
    default:
      printf("other %d\n", n);
      break;
    case 4:
      printf("four falls into five\n");
    case 5:
      printf("five\n");
  }
}

char text[] = {'a', '1', 'b', '2', 'e', '-', '3', 'x', 'y'};

int main() {
  for (int i = 1; i <= 6; i++) name(i);

  int digits = 0;
  int vowels = 0;
  int others = 0;
  for (int i = 0; i < 9; i++) {
    switch (text[i]) {
      case 'a': case 'e': case 'i': case 'o': case 'u':
        vowels++;
        continue;
      case '1': case '2': case '3':
        digits++;
        break;
      default:
        others++;
    }
  }
  printf("digits %d vowels %d others %d\n", digits, vowels, others);

  for (int i = 1; i <= 4; i++) {
    switch (i) {
      case 3: continue;
    }
    printf("%s%d", i > 1 ? " " : "", i);
  }
  printf("\n");
}
