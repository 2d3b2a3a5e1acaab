// expect:  0: temperature 300 output 100
// expect:  5: temperature 544 output 47
// expect: 10: temperature 515 output 22
// expect: 15: temperature 495 output 28
// expect: 20: temperature 499 output 30
// expect: 25: temperature 500 output 30
// expect: highest 547

// A PID controller in integers: gains in hundredths, output 0 to 100, and no integration while the output is at a limit. The plant
// gains the output and loses a tenth of what it is above 200.
const int KP = 60;
const int KI = 20;
const int KD = 30;
const int TARGET = 500;

int integral = 0;
int lastError = 0;

int control(int temperature) {
  int error = TARGET - temperature;
  int output = (KP * error + KI * integral + KD * (error - lastError)) / 100;
  lastError = error;
  if (output < 0) return 0;
  if (output > 100) return 100;
  integral += error;
  return output;
}

int main() {
  int temperature = 200;
  int highest = temperature;
  lastError = TARGET - temperature;
  for (int step = 0; step <= 25; step++) {
    int output = control(temperature);
    temperature += output - (temperature - 200) / 10;
    if (temperature > highest) highest = temperature;
    if (step % 5 == 0) printf("%2d: temperature %d output %d\n", step, temperature, output);
  }
  printf("highest %d\n", highest);
}
