// expect: 0 51 102 153 204 255 255
// expect: 255 127 63 31 15 7 3 1 0
// expect: 0 1 4 10 17 27 40 54 71 90 111 134 160 187 217 250
// expect: 32 steps, 320 ms

const int LAMP = 3;

int steps = 0;
bool first;

void light(int level) {
  analogWrite(LAMP, level);
  if (!first) Serial.print(" ");
  first = false;
  Serial.print(level);
  delay(10);
  steps++;
}

int limited(int value) { return value > 255 ? 255 : value < 0 ? 0 : value; }

void begin() { first = true; }

void setup() {
  begin();
  for (int level = 0; level <= 306; level += 51) light(limited(level));
  Serial.println();

  begin();
  byte level = 255;
  light(level);
  while (level >>= 1) light(level);
  light(level);
  Serial.println();

  // A square looks even to the eye.
  begin();
  for (int i = 0; i < 16; i++) light(i * i * 10 / 9);
  Serial.println();
  printf("%d steps, %d ms\n", steps, steps * 10);
}

void loop() {
}
