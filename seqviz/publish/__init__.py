"""From what instructors have to what students get: exercises, compiled checks, the student bundle."""
