// expect: c4 1908 us, 131 waves
// expect: d4 1700 us, 147 waves
// expect: e4 1515 us, 165 waves
// expect: c4 1908 us, 262 waves
// expect: pause
// expect: 3000 ms, 705 waves

// The first notes of a song: name, frequency in Hz and length in eighths of a second, three numbers for each note.
const int NOTES[] = {
  'c', 262, 4,
  'd', 294, 4,
  'e', 330, 4,
  'c', 262, 8,
  ' ', 0, 4,
};
const int COUNT = 5;
#define SPEAKER 8

int waves = 0;
int duration = 0;

void play(char name, int hertz, int eighths) {
  int ms = eighths * 1000 / 8;
  duration += ms;
  if (hertz == 0) {
    Serial.println("pause");
    delay(ms);
    return;
  }
  int count = hertz * ms / 1000;
  printf("%c4 %d us, %d waves\n", name, 500000 / hertz, count);
  digitalWrite(SPEAKER, HIGH);
  delay(ms);
  digitalWrite(SPEAKER, LOW);
  waves += count;
}

void setup() {
  pinMode(SPEAKER, OUTPUT);
  for (int i = 0; i < COUNT; i++) play(NOTES[3 * i], NOTES[3 * i + 1], NOTES[3 * i + 2]);
  printf("%d ms, %d waves\n", duration, waves);
}

void loop() {
}
