// expect: before

// Ends in a fault: board and model must raise the same one, at the same instruction.
int divisor = 0;

void setup() {
  printf("before\n");
  printf("after %d\n", 7 / divisor);
}

void loop() {}
