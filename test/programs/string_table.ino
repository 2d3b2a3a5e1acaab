// expect: Monday Tuesday Wednesday Thursday Friday Saturday Sunday ?
// expect: weekend: 2
// expect: warning: sensor 3 lost
// expect: error: low battery
// expect: note: all is well

// Texts cannot be stored, but a function may print the one that belongs to a number.
void day(int n) {
  switch (n) {
    case 0: Serial.print("Monday"); break;
    case 1: Serial.print("Tuesday"); break;
    case 2: Serial.print("Wednesday"); break;
    case 3: Serial.print("Thursday"); break;
    case 4: Serial.print("Friday"); break;
    case 5: Serial.print("Saturday"); break;
    case 6: Serial.print("Sunday"); break;
    default: Serial.print("?");
  }
}

bool weekend(int n) {
  switch (n) {
    case 5:
    case 6:
      return true;
  }
  return false;
}

void message(char level, int code) {
  printf("%s: ", level == 'e' ? "error" : level == 'w' ? "warning" : "note");
  switch (code / 10) {
    case 1: printf("sensor %d lost\n", code % 10); return;
    case 2: printf("low battery\n"); return;
  }
  printf("all is well\n");
}

void setup() {
  int free = 0;
  for (int n = 0; n < 8; n++) {
    day(n);
    Serial.print(n < 7 ? " " : "\n");
    free += weekend(n);
  }
  printf("weekend: %d\n", free);
  message('w', 13);
  message('e', 20);
  message('n', 0);
}

void loop() {
}
