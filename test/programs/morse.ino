// expect: S ...
// expect: O ---
// expect: S ...
// expect: 2 ..---
// expect: E .
// expect: 52 units, lamp off

// Letters as numbers: bits from the lowest, 0 dot and 1 dash, under a leading 1. A dot lasts one unit, a dash three; between signs
// there is one unit, between letters three.
int units = 0;

int code(char letter) {
  switch (letter) {
    case 'E': return 0b10;
    case 'S': return 0b1000;
    case 'O': return 0b1111;
    case '2': return 0b111100;
  }
  return 1;
}

void lamp(int on, int duration) {
  digitalWrite(LED_BUILTIN, on);
  delay(duration * 100);
  units += duration;
}

void send(char letter) {
  Serial.print(letter);
  Serial.print(' ');
  for (int signs = code(letter); signs > 1; signs >>= 1) {
    bool dash = signs & 1;
    Serial.print(dash ? "-" : ".");
    lamp(HIGH, dash ? 3 : 1);
    lamp(LOW, 1);
  }
  // One unit has passed already.
  lamp(LOW, 2);
  Serial.println();
}

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
  send('S');
  send('O');
  send('S');
  send('2');
  send('E');
  printf("%d units, lamp %s\n", units, digitalRead(LED_BUILTIN) ? "on" : "off");
}

void loop() {
}
