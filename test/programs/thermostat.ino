// expect: minute  4: 199, heating
// expect: minute  6: 205, off
// expect: minute 12: 199, heating
// expect: minute 14: 205, off
// expect: 60 minutes: 14 switches, 199 to 205

// Heats below 20.0 degrees and stops above 20.4: without the gap it would switch all the time. A minute gains 3 tenths of a degree
// when heating and loses 1 otherwise.
#define ON_BELOW 200
#define OFF_ABOVE 204
const int HEATER = 9;

int temperature = 203;
int switches = 0;

void heat(bool on, int minute) {
  digitalWrite(HEATER, on);
  if (++switches <= 4) printf("minute %2d: %d, %s\n", minute, temperature, on ? "heating" : "off");
}

void setup() {
  pinMode(HEATER, OUTPUT);
  digitalWrite(HEATER, LOW);
  int low = temperature, high = temperature;
  for (int minute = 0; minute < 60; minute++) {
    bool heating = digitalRead(HEATER) == HIGH;
    if (!heating && temperature < ON_BELOW) heat(true, minute);
    else if (heating && temperature > OFF_ABOVE) heat(false, minute);
    temperature += digitalRead(HEATER) ? 3 : -1;
    if (temperature < low) low = temperature;
    if (temperature > high) high = temperature;
    delay(60000);
  }
  printf("60 minutes: %d switches, %d to %d\n", switches, low, high);
}

void loop() {
}
