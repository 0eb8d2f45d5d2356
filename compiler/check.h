/* What the files share that check a script: expr.c and check.c begin. */
#ifndef COMPILER_CHECK_H
#define COMPILER_CHECK_H

#include "compiler/model.h"

/* value.c */
struct value value_number(uint32_t number, struct place place);
struct value value_node(struct node *node);
struct shape scalar_shape(struct compiler *c);
const char *node_shown(struct compiler *c, const struct node *node);
struct value value_none(void);
struct node *var_let(struct compiler *c, struct var *var, struct node *node,
                     struct place place);
uint32_t node_type(struct compiler *c, const struct node *node);
struct node *var_fresh(struct compiler *c, struct node *node, const char *name);
int is_view(const struct node *node);
const struct var *view_var(const struct value *value);
struct var *var_own(struct compiler *c, struct name *name, struct place place);

/* types.c */
/* Both have one type; or that is said.  The type of what they make. */
uint32_t join_types(struct compiler *c, struct node *a, struct node *b,
                    struct place place);
/* The same entry by entry: a real number may meet complex ones. */
uint32_t meet_types(struct compiler *c, struct node *a, struct node *b,
                    struct place place);
/* Is node not known to be complex?  Else that is said. */
int require_real(struct compiler *c, enum op op, const struct node *node,
                 struct place place);
/* The type that an operation of class EWISE gives. */
uint32_t ewise_type(struct compiler *c, struct node *node);

/* shape.c */
int is_tile_level(const struct node *node);
int node_is_scalar(const struct compiler *c, const struct node *node);

/* call.c */
struct value op_value(struct compiler *c, enum op op, const struct ast *ast,
                      const struct value *args);
struct node *need_matrix(struct compiler *c, struct value value,
                         const struct ast *ast);
int type_named(const char *name);
uint32_t fixed_number(struct compiler *c, struct value value,
                      const struct ast *ast, uint8_t type);
struct value element(struct compiler *c, const struct ast *ast,
                     struct value base);
void one_index(struct compiler *c, const struct ast *ast, struct shape shape);
void note_outside(struct compiler *c, uint32_t index, uint32_t size,
                  const char *name, int cols);
struct value call_value(struct compiler *c, const struct ast *ast);

/* fetch.c */
/* The slot that a computed number is fetched into: the walk waits for it. */
uint32_t fetch_number(struct compiler *c, struct node *node,
                      const struct ast *ast, const char *name, uint8_t type);
/* A whole number, bound or fetched; PLAN_NONE: that was said. */
uint32_t whole_number(struct compiler *c, struct value value,
                      const struct ast *ast);
uint32_t check_whole(struct compiler *c, const struct ast *ast);
struct value range_value(struct compiler *c, const struct ast *ast);
/* An index: a number, or a range. */
struct value index_number(struct compiler *c, const struct ast *ast);
int hangs_on_data(const struct compiler *c, uint32_t expr);
/* A size has slots in it: `what` can't change in a loop, or is data's. */
void refuse_size(struct compiler *c, uint32_t expr, struct place place,
                 const char *what);

/* slice.c */
/* The first result of a function of the library; NULL: that was said. */
struct node *library_value(struct compiler *c, const char *name,
                           const struct ast *place, const struct value *args,
                           uint32_t count);
struct value slice_value(struct compiler *c, const struct ast *ast,
                         struct value base);
void slice_assign(struct compiler *c, const struct ast *target,
                  const struct ast *right, struct value value);
/* [A, B; C, D]: items are the values, row by row. */
struct value bracket_value(struct compiler *c, const struct ast *ast,
                           struct value *items);
/* A matrix of one tile from what a tile statement can compute. */
struct node *tile_matrix(struct compiler *c, struct node *node,
                         const char *name, struct place place);

/* select.c: an if as select; 0: it can't be one, and nothing has changed */
int check_select(struct compiler *c, const struct ast *ast, struct node *test);

/* unroll.c */
/* What can be taken back of what has been compiled since. */
struct attempt {
    uint32_t messages, errors, warnings;
    uint32_t inputs, checks, vars, calls, tracked, steps;
};
void attempt_begin(struct compiler *c, struct attempt *attempt);
void attempt_undo(struct compiler *c, const struct attempt *attempt);

/* The turns of a for: expressions. */
struct turns {
    uint32_t low, high, by;
};
int is_written_out(const struct value *value); /* [1, 2; 3, 4] by name */
int unroll_wanted(struct compiler *c, const struct ast *ast,
                  const struct turns *turns);
/* The messages from number `first` on are of changing sizes. */
int unroll_helps(const struct compiler *c, const struct ast *ast,
                 const struct turns *turns, uint32_t first);
void unroll(struct compiler *c, const struct ast *ast,
            const struct turns *turns);

/* flow.c */
/* The frame's name of this text, most often its number `likely`, or NULL. */
const struct name *frame_name(const struct frame *frame, const char *text,
                              uint32_t likely);
int same_value(const struct value *a, const struct value *b);
void set_slot(struct compiler *c, uint32_t slot, uint32_t number,
              struct place place);
void same_shape(struct compiler *c, const char *name, struct node *head,
                struct node *node, const char *where, const char *other);
struct carried *carried_find(struct carried *list, uint32_t count,
                             const char *name);
int bound_before(struct compiler *c, const struct frame *before,
                 const char *text);
void check_for(struct compiler *c, const struct ast *ast);
void check_repeat(struct compiler *c, const struct ast *ast);
void check_if(struct compiler *c, const struct ast *ast);
void check_leave(struct compiler *c, const struct ast *ast);

/* assign.c */
/* The right side of x = e, x += e. */
struct value assigned_value(struct compiler *c, const struct ast *ast);
/* Bind a name to a value that is its own. */
void bind_name(struct compiler *c, const char *name, struct value value,
               struct place place);
/* A computed flag into a slot: the walk waits for it. */
void settle_flag(struct compiler *c, struct name *name, struct place place);
void check_name(struct compiler *c, const struct ast *target);
void assign_bad(struct compiler *c, const struct ast *target);
void assign_one(struct compiler *c, const struct ast *ast);
void assign_several(struct compiler *c, const struct ast *targets,
                    const struct ast *right);

/* habits.c */
const char *habit(const char *name); /* a hint, or NULL */
/* The note behind the message about an unknown name. */
void note_unknown(struct compiler *c, const char *name);

/* declare.c */
void check_param(struct compiler *c, const struct ast *ast);
void check_input(struct compiler *c, const struct ast *ast);
void check_declare(struct compiler *c, const struct ast *ast);
void check_tiling(struct compiler *c, const struct ast *ast);
void check_assume(struct compiler *c, const struct ast *ast);
void check_output(struct compiler *c, const struct ast *ast);

#endif
