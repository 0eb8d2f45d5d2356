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

/* shape.c */
uint32_t join_types(struct compiler *c, struct node *a, struct node *b,
                    struct place place);
int is_tile_level(const struct node *node);
int node_is_scalar(const struct compiler *c, const struct node *node);

/* call.c */
struct node *need_matrix(struct compiler *c, struct value value,
                         const struct ast *ast);
int type_named(const char *name);
uint32_t fixed_number(struct compiler *c, struct value value,
                      const struct ast *ast, uint8_t type);
struct value element(struct compiler *c, const struct ast *ast,
                     struct value base);
struct value call_value(struct compiler *c, const struct ast *ast);

/* slice.c */
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

/* flow.c */
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
void check_name(struct compiler *c, const struct ast *target);
void assign_bad(struct compiler *c, const struct ast *target);
void assign_one(struct compiler *c, const struct ast *ast);
void assign_several(struct compiler *c, const struct ast *targets,
                    const struct ast *right);

/* declare.c */
void check_param(struct compiler *c, const struct ast *ast);
void check_input(struct compiler *c, const struct ast *ast);
void check_declare(struct compiler *c, const struct ast *ast);
void check_tiling(struct compiler *c, const struct ast *ast);
void check_assume(struct compiler *c, const struct ast *ast);
void check_output(struct compiler *c, const struct ast *ast);

#endif
