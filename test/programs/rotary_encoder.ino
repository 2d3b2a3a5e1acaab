// expect: 1 2 3 4 5 6 7 8
// expect: 7 6 5 4
// expect: 4 4 4
// expect: 1 notch, 1 error

// Two contacts, a quarter of a period apart. A table says for the last two states what has happened: a step forward, one
// back, or (2) both contacts at once, which cannot be.
const int8_t TABLE[] = {0, 1, -1, 2, -1, 0, 2, 1, 1, 2, 0, -1, 2, -1, 1, 0};

int position = 0;
int errors = 0;
byte history = 0;

void turn(byte contacts) {
  history = (history << 2 | (contacts & 3)) & 0xF;
  int8_t step = TABLE[history];
  if (step == 2) errors++;
  else position += step;
}

// The states of a turn forward.
const byte GRAY[4] = {0, 1, 3, 2};

int main() {
  for (int i = 1; i <= 8; i++) {
    turn(GRAY[i & 3]);
    printf("%d%c", position, i < 8 ? ' ' : '\n');
  }
  for (int i = 7; i >= 4; i--) {
    turn(GRAY[i & 3]);
    printf("%d%s", position, i > 4 ? " " : "\n");
  }
  // Bouncing changes nothing in the end, and standing still nothing at all.
  turn(1); turn(0);
  printf("%d ", position);
  turn(0);
  printf("%d ", position);
  turn(3);
  printf("%d\n", position);
  printf("%d notch, %d error\n", position / 4, errors);
}
