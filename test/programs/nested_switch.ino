// expect: number 12, name xy, number 3
// expect: plain 3, characters 2, constants 3, others 1
// expect: 15 14 12 8
// expect: inner 1, outer 2
// expect: default in the middle: 2 3 1

const int LIMIT = 10;
#define FIVE 5

// A scanner: a state for each kind of word.
char input[] = {'1', '2', ' ', 'x', 'y', ' ', '3', '.'};

void scan() {
  byte state = 0;
  int number = 0;
  for (int i = 0; i < 8; i++) {
    char c = input[i];
    bool digit = c >= '0' && c <= '9';
    switch (state) {
      case 0:
        state = digit ? 1 : 2;
        printf("%s ", digit ? "number" : "name");
        if (digit) number = c - '0';
        else Serial.print(c);
        break;
      case 1:
        switch (c) {
          case ' ': printf("%d, ", number); state = 0; break;
          case '.': printf("%d\n", number); state = 3; break;
          default: number = number * 10 + c - '0';
        }
        break;
      case 2:
        if (c == ' ') {
          printf(", ");
          state = 0;
          break;
        }
        Serial.print(c);
    }
  }
}

int kinds[4];

void classify(int value) {
  switch (value) {
    case -1:
    case 0:
    case 0x7F:
      kinds[0]++;
      break;
    case 'a':
    case 'b':
      kinds[1]++;
      break;
    case LIMIT:
    case FIVE:
    case LIMIT + FIVE * 2:
      kinds[2]++;
      break;
    default:
      kinds[3]++;
  }
}

// Falls through from where it enters.
int from(int n) {
  int sum = 0;
  switch (n) {
    case 0: sum += 1;
    case 1: sum += 2;
    case 2: sum += 4;
    case 3: sum += 8;
  }
  return sum;
}

int middle(int n) {
  switch (n) {
    case 1: return 3;
    default: return 2;
    case 2: return 1;
  }
}

int main() {
  scan();
  classify(-1); classify(0); classify(127);
  classify('a'); classify(98);
  classify(10); classify(5); classify(20);
  classify(11);
  printf("plain %d, characters %d, constants %d, others %d\n", kinds[0], kinds[1], kinds[2], kinds[3]);
  printf("%d %d %d %d\n", from(0), from(1), from(2), from(3));
  int inner = 0, outer = 0;
  for (int i = 0; i < 2; i++) {
    switch (i) {
      case 0:
        switch (1) {
          case 1: inner++; break;
          default: inner = 100;
        }
        break;
      case 1:
        outer++;
    }
    outer += i == 0;
  }
  printf("inner %d, outer %d\n", inner, outer);
  printf("default in the middle: %d %d %d\n", middle(0), middle(1), middle(2));
}
