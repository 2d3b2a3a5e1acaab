// expect: 1 2 3 = 321
// expect: index 4 value 5
// expect: 1 20 3 4
// expect: 5 6 6 4
// expect: 7 7
// expect: 15
// expect: 8 9
// gcc: order of evaluation is open in C

int noted = 0;
int cells[] = {1, 2, 3, 4};

// Notes a digit: the digits come out in the order of evaluation, the last one first.
int note(int digit) {
  printf("%d ", digit);
  noted += digit;
  return digit;
}

int order = 0;

int index(int at) {
  printf("index %d ", ++order);
  return at;
}

int number(int n) {
  printf("value %d\n", ++order);
  return n;
}

int join(int a, int b, int c) { return c * 100 + b * 10 + a; }

int main() {
  printf("= %d\n", join(note(1), note(2), note(3)));
  order = 3;
  // The index before the value.
  cells[index(1)] = number(20);
  printf("%d %d %d %d\n", cells[0], cells[1], cells[2], cells[3]);

  int i = 5;
  int old = i++;
  int fresh = i;
  printf("%d %d %d ", old, fresh, i--);
  printf("%d\n", --i);

  int a;
  int b;
  a = b = 7;
  printf("%d %d\n", a, b);

  // An index with an effect is evaluated once.
  int at = 0;
  cells[at++] += 14;
  printf("%d\n", cells[0]);
  int j = 8;
  printf("%d ", j++);
  printf("%d\n", j);
  return 0;
}
