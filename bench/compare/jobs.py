"""The jobs: what each tool computes, on which sizes.

A job has a script of ours and, for each peer that can do it, an expression or
program.  `make` gives its inputs, `compare` what of the outputs must agree (a
function of the inputs and the outputs, by names), `flops` its textbook count.
Times are those of the expression alone; inputs stay as they are, results are
new.  A job with `whole` is whole processes, from files to files."""
import numpy as np


def rng():
    return np.random.default_rng(5)


def fortran(**arrays):
    return {name: np.asfortranarray(x) for name, x in arrays.items()}


def square(*names):
    def make(n):
        random = rng()
        return fortran(**{name: random.random((n, n)) for name in names})
    return make


def definite(n):
    A = rng().random((n, n))
    A += A.T
    A[np.diag_indices(n)] += 2 * n
    return fortran(A=A)


def symmetric(n):
    A = rng().standard_normal((n, n))
    A += A.T
    return fortran(A=A)


def system(n):
    random = rng()
    return fortran(A=random.standard_normal((n, n)), b=random.random((n, 1)))


def tall(n):
    random = rng()
    return fortran(A=random.random((20000, n)), b=random.random((20000, 1)))


def points(n):
    random = rng()
    X = random.random((n, 8))
    return fortran(X=X, y=np.sin(X.sum(1, keepdims=True)),
                   Z=random.random((500, 8)))


def lower(given, out):
    return np.tril(out["C"])


def upper(given, out):
    """R or U with a positive diagonal: signs are free."""
    R = np.triu(out["C"])
    sign = np.sign(np.diag(R))[:, None]
    R *= np.where(sign == 0, 1, sign)
    return R


def values(given, out):
    return np.sort(out["w"].ravel())


def product(given, out):
    """A solution by what it solves: the condition is not the tools' fault."""
    return given["A"] @ out["C"].reshape(-1, 1)


def plain(given, out):
    return np.concatenate([out[name].ravel() for name in sorted(out)])


class Job:
    peers = {}       # peer -> expression, or True for a program in C
    sizes = [1000, 2000, 4096, 8192]
    outputs = ["C"]
    tile = None      # of ours, None: what the library chooses
    peer_tile = 256  # of peers that have tiles
    flops = None     # or a function of n
    compare = staticmethod(plain)
    whole = False
    dask_tile = None # of Dask: None: its own choice
    tasks = None     # or a function of n: times are of each
    matrices = 2     # of n x n that a tool holds at once

    def __init__(self, name, **fields):
        self.name = name
        for key, value in fields.items():
            setattr(self, key, value)


STENCIL_WIDTH, STENCIL_STEPS = 8, 1250  # as in peer.h


def stencil_tasks(n):
    return 2 * STENCIL_WIDTH * STENCIL_STEPS


EMPTY = {name: True for name in ("openmp", "starpu")}

JOBS = [
    Job("gemm", make=square("A", "B"), script="C = A * B",
        flops=lambda n: 2 * n ** 3, matrices=3, peer_tile=512,
        peers={"numpy": "A @ B", "scipy": "blas.dgemm(1.0, A, B)",
               "octave": "C = A * B;", "dask": "A @ B", "openmp": True,
               "starpu": True, "scalapack": True}),
    Job("chol", make=definite, script="C = chol(A)",
        flops=lambda n: n ** 3 / 3, compare=lower,
        peers={"numpy": "np.linalg.cholesky(A)",
               "scipy": "linalg.cholesky(A, lower=True, check_finite=False)",
               "octave": "C = chol(A, 'lower');",
               "dask": "da.linalg.cholesky(A, lower=True)",
               "openmp": True, "starpu": True, "scalapack": True}),
    Job("lu", make=system, script="[L, C, p] = lu(A)",
        outputs=["L", "C", "p"],
        flops=lambda n: 2 * n ** 3 / 3, compare=upper, matrices=3,
        peers={"scipy": "(None, linalg.lu_factor(A, check_finite=False)[0])",
               "octave": "[L, C, p] = lu(A);", "scalapack": True}),
    Job("qr_r", make=square("A"), script="[Q, C] = qr(A)",
        flops=lambda n: 4 * n ** 3 / 3, compare=upper,
        peers={"numpy": "np.linalg.qr(A, mode='r')",
               "scipy": "linalg.qr(A, mode='r', check_finite=False)[0]",
               "octave": "C = qr(A);", "scalapack": True}),
    Job("solve", make=system, script="C = A \\ b", compare=product,
        flops=lambda n: 2 * n ** 3 / 3,
        peers={"numpy": "np.linalg.solve(A, b)",
               "scipy": "linalg.solve(A, b, check_finite=False)",
               "octave": "C = A \\ b;"}),
    Job("lstsq", make=tall, script="C = lstsq(A, b)", sizes=[1000],
        flops=lambda n: 2 * 20000 * n ** 2, compare=product, matrices=40,
        peers={"numpy": "np.linalg.lstsq(A, b, rcond=None)[0]",
               "scipy": "linalg.lstsq(A, b, check_finite=False,"
                        " lapack_driver='gelsy')[0]",
               "octave": "C = A \\ b;"}),
    Job("eig", make=symmetric, script="[w, V] = eig(A)",
        outputs=["w", "V"], compare=values, flops=lambda n: 9 * n ** 3,
        peers={"numpy": "np.linalg.eigh(A)",
               "scipy": "linalg.eigh(A, check_finite=False, driver='evd')",
               "octave": "[V, w] = eig(A); w = diag(w);"}),
    Job("eig_values", make=symmetric, script="w = eig(A)", outputs=["w"],
        compare=values, flops=lambda n: 4 * n ** 3 / 3,
        peers={"numpy": "np.linalg.eigvalsh(A)",
               "scipy": "linalg.eigvalsh(A, check_finite=False)",
               "octave": "w = eig(A);"}),
    Job("svd", make=square("A"), script="[U, w, V] = svd(A)", matrices=3,
        outputs=["U", "w", "V"], compare=values,
        flops=lambda n: 22 * n ** 3,
        peers={"numpy": "np.linalg.svd(A, full_matrices=False)",
               "scipy": "linalg.svd(A, full_matrices=False,"
                        " check_finite=False)",
               "octave": "[U, w, V] = svd(A); w = diag(w);"}),
    Job("ewise", make=square("A", "B", "D", "E"),
        script="C = A + 2*B - D.*E", matrices=6, flops=lambda n: 4 * n ** 2,
        peers={"numpy": "A + 2*B - D*E", "octave": "C = A + 2*B - D.*E;",
               "dask": "A + 2*B - D*E"}),
    Job("sum", make=square("A"), script="C = sum(A)",
        flops=lambda n: n ** 2,
        peers={"numpy": "np.sum(A)", "octave": "C = sum(A(:));",
               "dask": "A.sum()"}),
    Job("mean", make=square("A"), script="C = mean(A)",
        flops=lambda n: n ** 2,
        peers={"numpy": "np.mean(A)", "octave": "C = mean(A(:));",
               "dask": "A.mean()"}),
    Job("norm", make=square("A"), script="C = normf(A)",
        flops=lambda n: 2 * n ** 2,
        peers={"numpy": "np.linalg.norm(A)", "octave": "C = norm(A, 'fro');",
               "dask": "da.linalg.norm(A)"}),
    Job("transposed", make=square("A"), script="C = A'",
        peers={"numpy": "np.asfortranarray(A.T)", "octave": "C = A';",
               "dask": "A.T.copy()"}),
    Job("ridge", make=tall, sizes=[1000], matrices=40,
        script="C = (A'*A + 0.5*eye(cols(A))) \\ (A'*b)",
        flops=lambda n: 20000 * n ** 2 + n ** 3 / 3,
        peers={"numpy": "np.linalg.solve(A.T @ A + 0.5*np.eye(A.shape[1]),"
                        " A.T @ b)",
               "scipy": "linalg.solve(A.T @ A + 0.5*np.eye(A.shape[1]),"
                        " A.T @ b, assume_a='pos', check_finite=False)",
               "octave": "C = (A'*A + 0.5*eye(columns(A))) \\ (A'*b);"}),
    Job("gp", make=points, sizes=[1000, 2000, 4096], outputs=["C", "v"],
        flops=lambda n: n ** 3 / 3 + 500 * n ** 2, matrices=4,
        script="""a = rowsums(X .* X)
c = rowsums(Z .* Z)
K = exp(-0.5 * (a + a' - 2 * X * X')) + 0.01 * eye(rows(X))
S = exp(-0.5 * (a + c' - 2 * X * Z'))
L = chol(K)
C = S' * (L' \\ (L \\ y))
W = L \\ S
v = 1.01 - colsums(W .* W)""",
        peers={"numpy": "gp_numpy(X, y, Z)", "scipy": "gp_scipy(X, y, Z)",
               "octave": """a = sum(X.^2, 2); c = sum(Z.^2, 2);
K = exp(-0.5 * (a + a' - 2 * X * X')) + 0.01 * eye(rows(X));
S = exp(-0.5 * (a + c' - 2 * X * Z'));
L = chol(K, 'lower'); C = S' * (L' \\ (L \\ y)); W = L \\ S;
v = 1.01 - sum(W.^2);"""}),
    Job("dag4000", make=square("A", "B"), script="C = A * B", sizes=[4000],
        tile=100, peer_tile=100, flops=lambda n: 2 * n ** 3, matrices=3,
        peers={"dask": "A @ B", "openmp": "gemm", "starpu": "gemm"},
        dask_tile=100),
    Job("dag400_process", make=square("A", "B"), script="C = A * B",
        sizes=[400, 4000], tile=100, peer_tile=100, whole=True,
        flops=lambda n: 2 * n ** 3, dask_tile=100, matrices=3,
        peers={"numpy": "A @ B", "dask": "A @ B", "openmp": "gemm",
               "starpu": "gemm"}),
    Job("start", make=square("A", "B"), script="C = A * B", sizes=[8],
        whole=True,
        peers={"numpy": "A @ B", "scipy": "blas.dgemm(1.0, A, B)",
               "octave": "C = A * B;", "dask": "A @ B"}),
    Job("file_in", make=square("A"), script="C = sum(A)", whole=True,
        peers={"numpy": "np.sum(A)", "octave": "C = sum(A(:));"}),
    Job("file_out", make=lambda n: {}, whole=True,
        script="param n = 4\nC = ones(n, n)",
        peers={"numpy": "np.ones((n, n))", "numpy+fsync": "np.ones((n, n))",
               "octave": "C = ones(n, n);"}),
    Job("file_both", make=square("A"), script="C = 2 * A", whole=True,
        peers={"numpy": "2 * A", "numpy+fsync": "2 * A",
               "octave": "C = 2 * A;"}),
    Job("tasks_independent", sizes=[100000], make=lambda n: {}, outputs=[],
        script="param n = 4\nmatrix C(n, 1) tile 1\nfor i in 0..n\n"
               "  C[i,0] *= 2\nend", tasks=lambda n: n, matrices=0,
        peers={**EMPTY, "dask": "delayed_independent(n)"}),
    Job("tasks_chain", sizes=[100000], make=lambda n: {}, outputs=[],
        script="param n = 4\nmatrix C(1, 1) tile 1\nfor i in 0..n\n"
               "  C[0,0] *= 2\nend", tasks=lambda n: n, matrices=0,
        peers={**EMPTY, "dask": "delayed_chain(n)"}),
    Job("tasks_cholesky", sizes=[100000], make=lambda n: {}, outputs=[],
        script="""param n = 4
t = floor((6 * n) ^ (1/3))
matrix C(t, t) tile 1
for k in 0..t
  C[k,k] *= 2
  for i in k+1..t
    C[i,k] += C[k,k]
  end
  for i in k+1..t
    for j in k+1..i+1
      C[i,j] = C[i,j] + C[i,k] + C[j,k]
    end
  end
end""", tasks=lambda n: n, matrices=0,
        peers={**EMPTY, "dask": "delayed_cholesky(n)"}),
    Job("stencil", sizes=[4, 16, 64, 256, 1024, 4096, 16384],
        make=lambda n: {}, outputs=[], matrices=0, tasks=stencil_tasks,
        script="""param n = 4
matrix A(%d * n, 1) tile n, 1
matrix B(%d * n, 1) tile n, 1
for t in 0..%d
  for i in 1..%d
    B[i,0] = exp(-exp(A[i-1,0] + A[i,0] + A[i+1,0]))
  end
  for i in 1..%d
    A[i,0] = exp(-exp(B[i-1,0] + B[i,0] + B[i+1,0]))
  end
end""" % (STENCIL_WIDTH + 2, STENCIL_WIDTH + 2, STENCIL_STEPS,
          STENCIL_WIDTH + 1, STENCIL_WIDTH + 1),
        peers={**EMPTY, "dask": "delayed_stencil(n)"}),
]
