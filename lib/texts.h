/* The texts of the .tm files of lib/, built in: lib/embed.sh writes them. */
#ifndef LIB_TEXTS_H
#define LIB_TEXTS_H

struct library_text {
    const char *name; /* "matmul.tm" */
    const char *text;
};
extern const struct library_text library_texts[]; /* up to a NULL name */

#endif
