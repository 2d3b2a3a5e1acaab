// expect: 100 -> 25
// expect: 104 -> 51
// expect: 96 -> 75
// expect: 100 -> 100
// expect: 200 -> 125
// expect: 100 -> 124
// expect: 100 -> 125
// expect: -100 -> 75
// expect: spread 300

// The mean of the last four readings, kept as a running sum.
#define LENGTH 4
const int READINGS[] = {100, 104, 96, 100, 200, 100, 100, -100};

int window[LENGTH];
int sum = 0;
byte at = 0;

int average(int reading) {
  sum += reading - window[at];
  window[at] = reading;
  at = (at + 1) % LENGTH;
  return sum / LENGTH;
}

int main() {
  int low = READINGS[0], high = READINGS[0];
  for (int i = 0; i < 8; i++) {
    int reading = READINGS[i];
    printf("%d -> %d\n", reading, average(reading));
    low = reading < low ? reading : low;
    high = reading > high ? reading : high;
  }
  printf("spread %d\n", high - low);
}
