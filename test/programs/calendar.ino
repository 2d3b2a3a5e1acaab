// expect: 1970-01-01 Thu, day 1
// expect: 2000-01-01 Sat, day 1
// expect: 2024-02-29 Thu, day 60
// expect: 2038-01-19 Tue, day 19
// expect: 1900-12-31 Mon, day 365
// expect: leap: 1 0 1 0
// expect: Friday 13th in 2026: 3

bool leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int daysIn(int month, int year) {
  switch (month) {
    case 2: return 28 + leap(year);
    case 4: case 6: case 9: case 11: return 30;
    default: return 31;
  }
}

// Sakamoto's method: 0 is Sunday.
const byte SHIFT[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};

int weekday(int year, int month, int day) {
  if (month < 3) year -= 1;
  return (year + year / 4 - year / 100 + year / 400 + SHIFT[month - 1] + day) % 7;
}

int dayOfYear(int year, int month, int day) {
  while (--month > 0) day += daysIn(month, year);
  return day;
}

void show(int year, int month, int day) {
  printf("%04d-%02d-%02d ", year, month, day);
  switch (weekday(year, month, day)) {
    case 0: printf("Sun"); break;
    case 1: printf("Mon"); break;
    case 2: printf("Tue"); break;
    case 3: printf("Wed"); break;
    case 4: printf("Thu"); break;
    case 5: printf("Fri"); break;
    case 6: printf("Sat"); break;
  }
  printf(", day %d\n", dayOfYear(year, month, day));
}

int main() {
  show(1970, 1, 1);
  show(2000, 1, 1);
  show(2024, 2, 29);
  show(2038, 1, 19);
  show(1900, 12, 31);
  printf("leap: %d %d %d %d\n", leap(2000), leap(1900), leap(2024), leap(2023));
  int fridays = 0;
  for (int month = 1; month <= 12; month++) fridays += weekday(2026, month, 13) == 5;
  printf("Friday 13th in 2026: %d\n", fridays);
}
