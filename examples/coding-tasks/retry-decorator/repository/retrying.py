def retry(times):
    def decorate(function):
        def again(*args):
            for _ in range(times):
                try:
                    return function(*args)
                except BaseException:
                    pass

        return again

    return decorate
