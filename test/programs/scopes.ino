// expect: 1 2 1
// expect: 10 11 12
// expect: 7 8
// expect: 30 3
// expect: 5
// expect: 0 1 2
// rounds: 3

#define WIDTH 10
#define AREA (WIDTH * HEIGHT) // the names are looked up where AREA is used
#define HEIGHT 3

const int BASE = 5 + 2;
int x = 1;
int derived = BASE + x;

int next() {
  static int count = WIDTH;
  return count++;
}

void setup() {
  printf("%d ", x);
  {
    int x = 2;
    printf("%d ", x);
  }
  printf("%d\n", x);

  printf("%d ", next());
  printf("%d ", next());
  printf("%d\n", next());
  printf("%d %d\n", BASE, derived);
  printf("%d %d\n", AREA, AREA / WIDTH);
  int a = (x = 2, x + 3);
  printf("%d\n", a);
}

void loop() {
  static int rounds = 0;
  printf("%d%s", rounds, rounds == 2 ? "\n" : " ");
  rounds++;
}
