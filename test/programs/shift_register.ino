// expect: sent 8 bits: 10100101
// expect: outputs a5
// expect: sent 8 bits: 00001111
// expect: outputs 0f
// expect: 32 edges of the clock
// rounds: 2

// A 74HC595 on three pins, and the chip itself as a program that looks at those pins.
#define DATA 5
#define CLOCK 6
#define LATCH 7

byte inside = 0;
byte outputs = 0;
bool lastClock = LOW;
bool lastLatch = LOW;
int edges = 0;

// What the chip does when a pin has changed.
void chip() {
  bool clock = digitalRead(CLOCK);
  bool latch = digitalRead(LATCH);
  if (clock && !lastClock) inside = inside << 1 | digitalRead(DATA);
  if (latch && !lastLatch) outputs = inside;
  edges += clock != lastClock;
  lastClock = clock;
  lastLatch = latch;
}

void set(int pin, bool level) {
  digitalWrite(pin, level);
  chip();
}

void send(byte value) {
  printf("sent 8 bits: ");
  set(LATCH, LOW);
  for (byte mask = 0x80; mask; mask >>= 1) {
    bool bit = value & mask;
    Serial.print(bit);
    set(DATA, bit);
    set(CLOCK, HIGH);
    set(CLOCK, LOW);
  }
  Serial.println();
}

void setup() {
  pinMode(DATA, OUTPUT);
  pinMode(CLOCK, OUTPUT);
  pinMode(LATCH, OUTPUT);
}

void loop() {
  static int round = 0;
  send(round == 0 ? 0xA5 : 0x0F);
  set(LATCH, HIGH);
  printf("outputs %02x\n", outputs);
  if (++round == 2) printf("%d edges of the clock\n", edges);
}
