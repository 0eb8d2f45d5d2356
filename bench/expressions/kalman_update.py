"""P*H' once; S = H*(P*H') + R; K by potrf and two trsm; P - K*(P*H')'."""
from cases import gemm, potrf, potrs

TEST = [dict(n=300, k=40), dict(n=211, k=53)]
BENCH = dict(n=2000, k=500)
OCTAVE = "K = P*H'*inv(H*P*H' + R); x1 = x + K*(z - H*x); P1 = P - K*H*P;"


def data(random, n, k):
    import numpy as np
    G = random.standard_normal((n, n)) / np.sqrt(n)
    return dict(P=G @ G.T + np.eye(n), H=random.standard_normal((k, n)),
                R=np.eye(k) * n, x=random.random((n, 1)),
                z=random.random((k, 1)))


def naive(np, P, H, R, x, z):
    K = P @ H.T @ np.linalg.inv(H @ P @ H.T + R)
    return dict(x1=x + K @ (z - H @ x), P1=P - K @ H @ P)


def hand(np, blas, lapack, P, H, R, x, z):
    PH = blas.dgemm(1, P, H, trans_b=1)
    S = blas.dgemm(1, H, PH, beta=1, c=R)
    Kt = lapack.dposv(S, np.asfortranarray(PH.T), lower=1)[1]
    v = blas.dgemv(-1, H, x, beta=1, y=z[:, 0])
    x1 = blas.dgemv(1, Kt, v, trans=1, beta=1, y=x[:, 0])
    return dict(x1=x1.reshape(-1, 1),
                P1=blas.dgemm(-1, Kt, PH, trans_a=1, trans_b=1, beta=1, c=P))


def flops(n, k):
    return (gemm(n, k, n) + gemm(k, k, n) + potrf(k) + potrs(k, n) +
            gemm(k, n, 1) + gemm(n, k, 1) + gemm(n, n, k))
