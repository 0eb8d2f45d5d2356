# run: tmc {}
# status: 1
# There are no modules.
import numpy as np
A = np.ones(3, 3)

# expect
# habits_import.tm:4:8: error: unexpected name "numpy" after "import": a call needs parentheses [call_parens]
#     4 | import numpy as np
#       |        ^~~~~
# habits_import.tm:4:8: note: there are no modules: all functions are at hand
# habits_import.tm:5:7: error: a name cannot have a part after "." [dotted]
#     5 | A = np.ones(3, 3)
#       |       ^~~~~
# habits_import.tm:5:7: note: functions are called by their bare names, as in norm(A)
