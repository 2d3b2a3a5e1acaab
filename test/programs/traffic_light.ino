// expect: red        x3
// expect: red yellow x1
// expect: green      x2
// expect: yellow     x1
// expect: red        x3
// expect: red yellow x1
// expect: green      x5
// expect: yellow     x1
// rounds: 18

// A crossing with a button: green lasts 5 s, or 2 s when somebody waits. The lamps are read back from their pins.
#define RED 2
#define YELLOW 3
#define GREEN 4

const int STOP = 0;
const int READY = 1;
const int GO = 2;
const int SLOW = 3;

int phase = STOP;
int seconds = 0;
int now = 0;
bool waiting = false;

void lamps(bool red, bool yellow, bool green) {
  digitalWrite(RED, red);
  digitalWrite(YELLOW, yellow);
  digitalWrite(GREEN, green);
}

void show() {
  bool red = digitalRead(RED);
  bool yellow = digitalRead(YELLOW);
  bool green = digitalRead(GREEN);
  if (red && yellow) printf("red yellow");
  else printf("%-10s", red ? "red" : yellow ? "yellow" : green ? "green" : "dark");
  printf(" x%d\n", seconds);
}

int duration() {
  switch (phase) {
    case STOP: return 3;
    case GO: return waiting ? 2 : 5;
    default: return 1;
  }
}

void enter(int next) {
  phase = next;
  switch (next) {
    case STOP: lamps(HIGH, LOW, LOW); break;
    case READY: lamps(HIGH, HIGH, LOW); break;
    case GO: lamps(LOW, LOW, HIGH); break;
    case SLOW: lamps(LOW, HIGH, LOW); waiting = false; break;
  }
  seconds = 0;
}

void setup() {
  for (int pin = RED; pin <= GREEN; pin++) pinMode(pin, OUTPUT);
  enter(STOP);
}

void loop() {
  // Somebody presses the button in the fifth second.
  if (now == 4) waiting = true;
  now++;
  delay(1000);
  seconds++;
  if (seconds < duration()) return;
  show();
  enter((phase + 1) % 4);
}
