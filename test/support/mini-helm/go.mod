module wardgate.example/mini-helm

go 1.19
