// expect: 1
// expect: 0
// expect: 1
// expect: on 5 off 5
// expect: 1 0

#define RELAY 4
#define LAMP 7

void setup() {
  pinMode(RELAY, OUTPUT);
  pinMode(LAMP, OUTPUT);

  // An output pin reads back the level that it drives.
  digitalWrite(RELAY, HIGH);
  printf("%d\n", digitalRead(RELAY));
  digitalWrite(RELAY, LOW);
  printf("%d\n", digitalRead(RELAY));
  // Everything but 0 is HIGH.
  digitalWrite(RELAY, 5);
  printf("%d\n", digitalRead(RELAY));

  int on = 0;
  int off = 0;
  for (int i = 0; i < 10; i++) {
    digitalWrite(RELAY, !digitalRead(RELAY));
    if (digitalRead(RELAY) == HIGH) on++;
    else off++;
  }
  printf("on %d off %d\n", on, off);

  digitalWrite(LAMP, LOW);
  printf("%d ", digitalRead(RELAY));
  printf("%d\n", digitalRead(LAMP));
}

void loop() {
}
