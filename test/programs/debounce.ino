// expect: 6: pressed
// expect: 16: released
// expect: 23: pressed
// expect: 2 presses, 11 edges

// A button that bounces: one sample each millisecond, the first one on the left. A change counts when three samples in a row
// agree.
const int SAMPLES[] = {0, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1};
const int COUNT = 24;
const int STABLE = 3;

int state = 0;
int same = 0;
int last = 0;
int presses = 0;
int edges = 0;

void sample(int time, int level) {
  if (level != last) {
    edges++;
    same = 0;
    last = level;
  }
  if (same < STABLE) same++;
  if (same == STABLE && level != state) {
    state = level;
    if (state) presses++;
    printf("%d: %s\n", time, state ? "pressed" : "released");
  }
}

void setup() {
  for (int time = 0; time < COUNT; time++) sample(time, SAMPLES[time]);
  printf("%d presses, %d edges\n", presses, edges);
}

void loop() {
}
