// expect: lap 1: 1 s
// expect: lap 2: 2 s
// expect: lap 3: 3 s
// expect: total 6 s, 0 hours

// The clock itself runs a little during the program, so that seconds are printed, rounded.
unsigned long started;
unsigned long lapStarted;

int seconds(unsigned long ms) { return (int)(ms + 500) / 1000; }

void lap(int number, int work) {
  delay(work);
  unsigned long now = millis();
  printf("lap %d: %d s\n", number, seconds(now - lapStarted));
  lapStarted = now;
}

void setup() {
  started = lapStarted = millis();
  for (int number = 1; number <= 3; number++) lap(number, number * 1000);
  int total = seconds(millis() - started);
  printf("total %d s, %d hours\n", total, total / 3600);
}

void loop() {
}
