// expect: 1 2 3 0 0
// expect: 5 elements, last 50
// expect: 0 0 0
// expect: 4 9 0, 4 9 0
// expect: called 1, called 2, called 3
// expect: 255 -1 1
// expect: 2016
// expect: 7 3

const int LENGTH = 5;
int partial[LENGTH] = {1, 2, 3};
int counted[] = {10, 20, 30, 40, 50};
int empty[3];
const byte SQUARES[] = {0, 1, 4, 9};
int large[64];

void local() {
  // The list is set each time.
  int own[3] = {4, 9};
  printf("%d %d %d", own[0], own[1], own[2]);
  own[0] = own[1] = own[2] = 77;
}

int called() {
  static int calls[2] = {0, 1};
  calls[0] += calls[1];
  return calls[0];
}

// Elements have a type too.
byte bytes[1];
char chars[1];
bool bools[1];

int main() {
  for (int i = 0; i < LENGTH; i++) printf("%d%c", partial[i], i == LENGTH - 1 ? '\n' : ' ');
  printf("%d elements, last %d\n", LENGTH, counted[LENGTH - 1]);
  printf("%d %d %d\n", empty[0], empty[1], empty[2]);
  local();
  printf(", ");
  local();
  printf("\n");
  for (int i = 0; i < 3; i++) printf("%scalled %d", i ? ", " : "", called());
  printf("\n");
  int all = 255;
  bytes[0] = -all - 255 + 509;
  chars[0] = all;
  bools[0] = 16;
  printf("%d %d %d\n", bytes[0], chars[0], bools[0]);
  for (int i = 0; i < 64; i++) large[i] = i;
  int sum = 0;
  for (int i = 63; i >= 0; i--) sum += large[i];
  printf("%d\n", sum);
  // An index may be any expression.
  int at = 1;
  empty[SQUARES[at + 1] - 2] = 7;
  printf("%d %d\n", empty[2], SQUARES[SQUARES[2] - 1] / partial[2]);
}
