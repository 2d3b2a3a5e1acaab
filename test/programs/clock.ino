// expect: at least 250 ms
// expect: at least 3000 us
// expect: in step
// expect: tick 0
// expect: tick 1
// expect: tick 2
// expect: tick 3

const uint32_t PERIOD = 100;

int main() {
  unsigned long start = millis();
  delay(250);
  unsigned long elapsed = millis() - start;
  if (elapsed >= 250 && elapsed < 1250) printf("at least 250 ms\n");

  uint32_t before = micros();
  delay(3);
  if (micros() - before >= 3000) printf("at least 3000 us\n");

  // Both clocks show the same time, within two milliseconds.
  int difference = (int)(millis() * 1000 - micros());
  if (difference > -2000 && difference < 2000) printf("in step\n");

  // The usual way to do something every 100 ms.
  uint32_t last = millis();
  int ticks = 0;
  while (ticks < 4) {
    delay(10);
    if (millis() - last >= PERIOD) {
      last += PERIOD;
      printf("tick %d\n", ticks++);
    }
  }
  return 0;
}
