// expect: 0: red
// expect: 1: red
// expect: 2: green
// expect: 3: green
// expect: 4: green
// expect: 5: yellow
// expect: 6: red
// rounds: 7

// A traffic light: 2 rounds red, 3 green, 1 yellow.
const int RED = 0;
const int GREEN = 1;
const int YELLOW = 2;
const int DURATIONS[] = {2, 3, 1};

int state = RED;
int left = DURATIONS[RED];
int round = 0;

void setup() {
}

void loop() {
  printf("%d: ", round++);
  switch (state) {
    case RED: printf("red\n"); break;
    case GREEN: printf("green\n"); break;
    case YELLOW: printf("yellow\n"); break;
  }
  if (--left == 0) {
    state = (state + 1) % 3;
    left = DURATIONS[state];
  }
}
