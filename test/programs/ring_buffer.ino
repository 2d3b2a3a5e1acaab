// expect: put 1 2 3 4 full
// expect: get 1 2
// expect: put 5 6 full
// expect: get 3 4 5 6 empty
// expect: 2 refused, 0 left

// A queue of four bytes: head is where the next one goes, tail where the oldest one is.
#define SIZE 4

byte cells[SIZE];
byte head = 0;
byte tail = 0;
byte used = 0;
int refused = 0;

bool put(byte value) {
  if (used == SIZE) {
    refused++;
    return false;
  }
  cells[head] = value;
  head = (head + 1) % SIZE;
  used++;
  return true;
}

// The oldest one, or -1.
int get() {
  if (used == 0) return -1;
  byte value = cells[tail++];
  tail %= SIZE;
  used--;
  return value;
}

void fill(int from, int to) {
  printf("put");
  for (int value = from; value <= to; value++) {
    if (put(value)) printf(" %d", value);
    else printf(" full");
  }
  printf("\n");
}

void drain(int count) {
  printf("get");
  while (count-- > 0) {
    int value = get();
    if (value < 0) {
      printf(" empty");
      break;
    }
    printf(" %d", value);
  }
  printf("\n");
}

int main() {
  fill(1, 5);
  drain(2);
  fill(5, 7);
  drain(9);
  printf("%d refused, %d left\n", refused, used);
}
