// Arithmetic on two locals, without inputs or outputs, for as long as the budget lasts.
int result = 0;

void setup() {}

void loop() {
  int s = result;
  for (int i = 0; i < 100000; i++) {
    s = (s + ((i * 7) % 13)) ^ (i & 3);
  }
  result = s;
}
