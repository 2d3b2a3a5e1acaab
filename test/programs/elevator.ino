// expect: 0 up to 1: 1 open
// expect: 1 up to 3: 2 3 open
// expect: 3 up to 5: 4 5 open
// expect: 5 down to 0: 4 3 2 1 0 open
// expect: rests at 0 after 10 floors
// rounds: 5

// Serves all calls above before it turns, as most elevators do.
const int FLOORS = 6;
bool called[FLOORS];
int at = 0;
int direction = 1;
int travelled = 0;

// The next floor that is called, seen from here in one direction; -1 when there is none.
int nextCall(int way) {
  for (int floor = at + way; floor >= 0 && floor < FLOORS; floor += way) {
    if (called[floor]) return floor;
  }
  return -1;
}

void setup() {
  called[5] = called[1] = called[3] = true;
}

void loop() {
  int target = nextCall(direction);
  if (target < 0) {
    direction = -direction;
    target = nextCall(direction);
  }
  if (target < 0) {
    printf("rests at %d after %d floors\n", at, travelled);
    return;
  }
  printf("%d %s to %d:", at, direction > 0 ? "up" : "down", target);
  while (at != target) {
    at += direction;
    travelled++;
    printf(" %d", at);
  }
  called[at] = false;
  printf(" open\n");
  // Somebody on the ground floor has waited until now.
  if (at == 1) called[0] = true;
}
