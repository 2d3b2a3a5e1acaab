// expect: part 1: 2 long, left
// expect: part 2: 4 long, right
// expect: part 3: 1 long, left
// expect: stopped after 3 parts, 1 to the right
// rounds: 13

// A light barrier over a belt: how long it is covered tells how long a part is. What passes it is in the bits of a number, and comes
// in over a pin that the program drives itself.
const int PARTS = 0b0100111100110;
const int BARRIER = 4;
const int MOTOR = 5;

int tick = 0;
int covered = 0;
int parts = 0;
int right = 0;

void partPassed(int length) {
  parts++;
  bool isLong = length > 2;
  right += isLong;
  printf("part %d: %d long, %s\n", parts, length, isLong ? "right" : "left");
}

void setup() {
  pinMode(BARRIER, OUTPUT);
  pinMode(MOTOR, OUTPUT);
  digitalWrite(MOTOR, HIGH);
}

void loop() {
  if (!digitalRead(MOTOR)) return;
  digitalWrite(BARRIER, PARTS >> tick++ & 1);
  if (digitalRead(BARRIER) == HIGH) covered++;
  else if (covered) {
    partPassed(covered);
    covered = 0;
    if (parts == 3) {
      digitalWrite(MOTOR, LOW);
      printf("stopped after %d parts, %d to the right\n", parts, right);
    }
  }
  delay(5);
}
